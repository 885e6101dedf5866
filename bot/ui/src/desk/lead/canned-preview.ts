// A canned reply as the customer would read it, with what each variable became. Pure.

/** Variables that every conversation has; {field.<key>} names a line of the customer card. */
export const VARIABLES = ["customer", "operator", "number", "topic"] as const;

export interface Piece {
  text: string;
  /** `value`: stands for a variable; `unknown`: a variable that does not exist and would stay as it is written. */
  kind: "plain" | "value" | "unknown";
}

const VARIABLE = /\{([a-z][\w.-]*)\}/gi;

/** Cuts the text at its variables. `values` by variable name, "field.account" for lines of the card. */
export function preview(text: string, values: Readonly<Record<string, string>>): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(VARIABLE)) {
    if (found.index > at) pieces.push({ text: text.slice(at, found.index), kind: "plain" });
    const name = found[1]!.toLowerCase();
    const value = values[name] ?? (name.startsWith("field.") ? name.slice("field.".length) : undefined);
    pieces.push(value === undefined ? { text: found[0], kind: "unknown" } : { text: value, kind: "value" });
    at = found.index + found[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), kind: "plain" });
  return pieces;
}

/** Variables that would stay as they are written. */
export function unknownVariables(text: string, values: Readonly<Record<string, string>>): string[] {
  return [...new Set(preview(text, values).flatMap(({ text: word, kind }) => (kind === "unknown" ? [word] : [])))];
}

/** What is typed after "/": letters, digits, "_" and "-", as the server allows them. */
export function isShortcut(text: string): boolean {
  return /^[\p{L}\p{N}_-]{1,40}$/u.test(text);
}

/** The text with `word` in the place of the selection, and where the cursor stands then. */
export function insertAt(text: string, word: string, from: number, to: number): { text: string; cursor: number } {
  return { text: text.slice(0, from) + word + text.slice(to), cursor: from + word.length };
}
