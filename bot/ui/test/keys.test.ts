import { describe, expect, test } from "vitest";
import { type Key, wish } from "../src/desk/keys";

const press = (code: string, change: Partial<Key> = {}): Key => ({
  code,
  key: code.replace(/^Key|^Digit/, "").toLowerCase(),
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...change,
});

describe("hotkeys", () => {
  test("go by the place of the key, so that the Russian layout changes nothing", () => {
    expect(wish(press("KeyJ", { key: "о" }), false)).toBe("next");
    expect(wish(press("KeyM", { key: "ь", ctrlKey: true }), true)).toBe("claim");
  });

  test("plain letters are letters while a field is being typed in; with Ctrl they act everywhere", () => {
    expect(wish(press("KeyX"), true)).toBeNull();
    expect(wish(press("KeyX"), false)).toBe("close");
    expect(wish(press("KeyK", { ctrlKey: true }), true)).toBe("search");
    expect(wish(press("KeyK", { metaKey: true }), true)).toBe("search");
  });

  test("the browser keeps its own combinations", () => {
    expect(wish(press("KeyT", { ctrlKey: true }), false)).toBeNull();
    expect(wish(press("KeyK", { ctrlKey: true, shiftKey: true }), false)).toBeNull();
    expect(wish(press("KeyJ", { altKey: true }), false)).toBeNull();
  });

  test("digits choose views, ? opens the sheet on any layout, Escape goes back from anywhere", () => {
    expect(wish(press("Digit7"), false)).toBe("view7");
    expect(wish(press("Digit8"), false)).toBeNull();
    expect(wish(press("Digit7", { key: "?", shiftKey: true }), false)).toBe("sheet");
    expect(wish(press("Escape", { key: "Escape" }), true)).toBe("back");
  });

  test("Ctrl+Z in a field is the field's own undo", () => {
    expect(wish(press("KeyZ", { ctrlKey: true }), true)).toBeNull();
    expect(wish(press("KeyZ", { ctrlKey: true }), false)).toBe("undo");
  });
});
