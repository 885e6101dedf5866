// Small menus: a button that opens a list of acts; arrows move, Enter acts, Escape closes and gives the focus back.
import { useSignal } from "@preact/signals";
import { type ComponentChildren, h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../shared/icons";
import { keep, lang, words } from "./store";

export interface MenuItem {
  title: string;
  /** What it means, in small letters. */
  hint?: string;
  /** The hotkey that does the same. */
  key?: string;
  icon?: string;
  /** A presence, shown as its dot. */
  dot?: string;
  /** Given: this item is one that is on or off. */
  checked?: boolean;
  /** A line above it. */
  apart?: boolean;
  act(): void;
}

interface MenuProps {
  label: ComponentChildren;
  /** The accessible name where the label is a picture. */
  name?: string;
  /** The name of the list, where it is not the button's. */
  listName?: string;
  kind: string;
  items: MenuItem[];
  /** Opens upwards: its button stands at the lower edge. */
  up?: boolean;
  onOpen?(): void;
}

export function Menu({ label, name, listName = name, kind, items, up, onOpen }: MenuProps) {
  const open = useSignal(false);
  const box = useRef<HTMLDivElement>(null);
  const entries = () => [...(box.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
  const close = (focus: boolean) => {
    open.value = false;
    if (focus) box.current?.querySelector("button")?.focus();
  };
  useLayoutEffect(() => {
    if (!open.value) return;
    (entries().find((one) => one.ariaChecked === "true") ?? entries()[0])?.focus();
    onOpen?.();
  }, [open.value]);
  const keys = (event: KeyboardEvent) => {
    if (!open.value) return;
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Escape") close(true);
    else if (to !== undefined) all.at(to % all.length)?.focus();
    else {
      // Letters and digits are not hotkeys while a menu is open.
      if (!event.ctrlKey) event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const left = (event: FocusEvent) => {
    if (!box.current?.contains(event.relatedTarget as Node | null)) close(false);
  };
  return (
    <div class={`menu ${up ? "up" : ""}`} ref={box} onKeyDown={keys} onFocusOut={left}>
      <button type="button" class={kind} aria-label={name} title={kind.includes("tool") ? name : undefined} aria-haspopup="menu" aria-expanded={open.value} onClick={() => (open.value = !open.value)}>
        {label}
      </button>
      {open.value && (
        <div class="menu-list" role="menu" aria-label={listName}>
          {items.map((item) => (
            <Entry
              key={item.title}
              item={item}
              choose={() => {
                close(true);
                item.act();
              }}
            />
          ))}
        </div>
      )}
    </div>
  );
}

function Entry({ item, choose }: { item: MenuItem; choose(): void }) {
  const { title, hint, key, icon, dot, checked, apart } = item;
  return (
    <button
      type="button"
      role={checked === undefined ? "menuitem" : "menuitemcheckbox"}
      aria-checked={checked}
      class={apart ? "apart" : undefined}
      tabIndex={-1}
      onClick={choose}
    >
      {icon && <Icon d={icon} />}
      {dot && <i class={`presence ${dot}`} />}
      <span class="entry">
        {title}
        {hint && <small>{hint}</small>}
      </span>
      {key && <kbd aria-hidden="true">{key}</kbd>}
      {checked && <span class="tick" aria-hidden="true" />}
    </button>
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
