import { docOf, pictureOf, sheetNames, sheetsNamed } from './catalogue.js';
import { galleryPage } from './page.js';

/** @returns every generated file of `marbles/`, by its path there: a picture for each sheet, and the gallery */
export async function drawings(): Promise<Map<string, string>> {
  const sheets = await sheetsNamed(sheetNames);
  const pipeline = await sheetsNamed(['pipeline']);
  const files = [...sheets, ...pipeline].map(
    (sheet) => [`pictures/${sheet.operator}.svg`, pictureOf(sheet)] as const,
  );
  const exhibits = sheets.map((sheet) => ({ sheet, doc: docOf(sheet.operator) }));
  return new Map([...files, ['gallery.html', galleryPage(exhibits)]]);
}
