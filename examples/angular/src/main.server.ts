import { bootstrapApplication, type BootstrapContext } from '@angular/platform-browser';
import { App } from './app/app.js';
import { serverConfig } from './app/serverConfig.js';

export default (context: BootstrapContext) => bootstrapApplication(App, serverConfig, context);
