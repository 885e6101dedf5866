// Hotkeys by the place of the key, not its letter, so that they work under the Russian layout too.

/** What a key asks for. `view` carries its number. */
export type Wish =
  | "claim" | "next" | "previous" | "open" | "reply" | "note" | "snooze" | "transfer" | "escalate" | "close" | "bot"
  | "tags" | "article" | "canned" | "search" | "sheet" | "back" | "undo" | `view${number}`;

/** The part of a KeyboardEvent that decides. */
export type Key = Pick<KeyboardEvent, "code" | "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

const PLAIN: Record<string, Wish> = {
  KeyJ: "next",
  KeyK: "previous",
  ArrowDown: "next",
  ArrowUp: "previous",
  Enter: "open",
  KeyR: "reply",
  KeyN: "note",
  KeyZ: "snooze",
  KeyT: "transfer",
  KeyE: "escalate",
  KeyX: "close",
  KeyB: "bot",
  KeyG: "tags",
  KeyI: "article",
};
const WITH_CTRL: Record<string, Wish> = { KeyM: "claim", KeyK: "search" };

/** Null: the key is not ours. `typing`: the focus is in a field, where plain keys are letters. */
export function wish(key: Key, typing: boolean): Wish | null {
  if (key.altKey) return null;
  if (key.ctrlKey || key.metaKey) {
    if (key.code === "KeyZ") return typing || key.shiftKey ? null : "undo";
    return key.shiftKey ? null : (WITH_CTRL[key.code] ?? null);
  }
  if (key.key === "Escape") return "back";
  if (typing) return null;
  if (key.key === "?") return "sheet";
  if (key.key === "/") return "canned";
  if (key.shiftKey) return null;
  const digit = /^Digit([1-7])$/.exec(key.code)?.[1];
  return digit ? `view${Number(digit)}` : (PLAIN[key.code] ?? null);
}

/** Fields where letters are letters; a checkbox or a button is none. */
export function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches("textarea, select")) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
}
