// Small menus: a button that opens a list of acts; arrows move, Enter acts, Escape closes and gives the focus back.
import { useSignal } from "@preact/signals";
import { type ComponentChildren, h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { keep, lang, words } from "./store";

export interface MenuItem {
  title: string;
  act(): void;
}

interface MenuProps {
  label: ComponentChildren;
  /** The accessible name where the label is a picture. */
  name?: string;
  kind: string;
  items: MenuItem[];
  /** Words above the items that are not an act. */
  head?: ComponentChildren;
}

export function Menu({ label, name, kind, items, head }: MenuProps) {
  const open = useSignal(false);
  const box = useRef<HTMLDivElement>(null);
  const entries = () => [...(box.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
  const close = (focus: boolean) => {
    open.value = false;
    if (focus) box.current?.querySelector("button")?.focus();
  };
  useLayoutEffect(() => {
    if (open.value) entries()[0]?.focus();
  }, [open.value]);
  const keys = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && open.value) close(true);
    else if (step && open.value) {
      const all = entries();
      all.at((all.indexOf(document.activeElement as HTMLElement) + step) % all.length)?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const left = (event: FocusEvent) => {
    if (!box.current?.contains(event.relatedTarget as Node | null)) close(false);
  };
  return (
    <div class="menu" ref={box} onKeyDown={keys} onFocusOut={left}>
      <button type="button" class={kind} aria-label={name} aria-haspopup="menu" aria-expanded={open.value} onClick={() => (open.value = !open.value)}>
        {label}
      </button>
      {open.value && (
        <div class="menu-list">
          {head}
          <div role="menu">
            {items.map(({ title, act }) => (
              <button
                type="button"
                role="menuitem"
                tabIndex={-1}
                onClick={() => {
                  close(true);
                  act();
                }}
              >
                {title}
              </button>
            ))}
          </div>
        </div>
      )}
    </div>
  );
}

export function switchLang(): void {
  lang.value = lang.value === "ru" ? "en" : "ru";
  keep.set("desk.lang", lang.value);
}

export function LangButton() {
  return (
    <button type="button" class="plain-button" lang={lang.value === "ru" ? "en" : "ru"} onClick={switchLang}>
      {words.value.language}
    </button>
  );
}
