/** A passage of a document that the caller sent; `document_index` counts the documents of the request. */
export interface DocumentCitation<Type extends string> {
  readonly type: Type;
  readonly cited_text: string;
  readonly document_index: number;
  readonly document_title: string | null;
  readonly file_id: string | null;
}

/** A range of characters in a plain-text document, counted from 0, end exclusive. */
export interface CitationCharLocation extends DocumentCitation<'char_location'> {
  readonly start_char_index: number;
  readonly end_char_index: number;
}

/** A range of pages in a PDF, counted from 1, end exclusive. */
export interface CitationPageLocation extends DocumentCitation<'page_location'> {
  readonly start_page_number: number;
  readonly end_page_number: number;
}

/** A range of the blocks that a document was sent as, counted from 0, end exclusive. */
export interface CitationContentBlockLocation extends DocumentCitation<'content_block_location'> {
  readonly start_block_index: number;
  readonly end_block_index: number;
}

/** A page that a web search found. */
export interface CitationWebSearchResultLocation {
  readonly type: 'web_search_result_location';
  readonly cited_text: string;
  readonly encrypted_index: string;
  readonly title: string | null;
  readonly url: string;
}

/** A range of the blocks of a search result that the caller sent, counted from 0, end exclusive. */
export interface CitationSearchResultLocation {
  readonly type: 'search_result_location';
  readonly cited_text: string;
  readonly search_result_index: number;
  readonly source: string;
  readonly start_block_index: number;
  readonly end_block_index: number;
  readonly title: string | null;
}

/** Where a passage of the answer comes from. */
export type TextCitation =
  | CitationCharLocation
  | CitationPageLocation
  | CitationContentBlockLocation
  | CitationWebSearchResultLocation
  | CitationSearchResultLocation;
