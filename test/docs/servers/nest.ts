import { Controller, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { nodeHandler } from '../../../src/server.js';
import { chatHandler } from './chatHandler.js';

const serve = nodeHandler(chatHandler);

@Controller('api/chat')
export class ChatController {
  @Post()
  chat(@Req() request: Request, @Res() response: Response): void {
    serve(request, response);
  }
}
