// The name a browser gives to what it sends, before it sends it: the same name twice is stored once.

/** 32 hex digits. `crypto.randomUUID` is missing on plain http, `getRandomValues` is not. */
export function newCid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
