// The few pictures both pages use, drawn with the text's own colour.
import { h } from "preact";

export const SEND = "M12 19V5M6 11l6-6 6 6";
export const CLIP = "M18 11l-6.5 6.5a3.5 3.5 0 0 1-5-5L14 5a2.3 2.3 0 0 1 3.3 3.3l-7.1 7.1";
export const CLOSE = "M6 6l12 12M18 6L6 18";
export const PERSON = "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 20c1-4 4-5.5 8-5.5s7 1.5 8 5.5";
export const ARTICLE = "M7 3.5h7l4 4v13H7ZM14 3.5v4h4M10 12h5M10 16h5";
export const OUT = "M9 6h9v9M18 6L6 18";
export const NEXT = "M9 6l6 6-6 6";
export const DOWN = "M6 9l6 6 6-6";
export const RETRY = "M19 12a7 7 0 1 1-2-5M19 4v4h-4";

export function Icon({ d }: { d: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={d} />
    </svg>
  );
}

/** The house mark: a zero with its line. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="11" />
      <path d="M16 7.25a6.25 6.25 0 1 1 0 12.5 6.25 6.25 0 0 1 0-12.5ZM9.75 24h12.5" />
    </svg>
  );
}
