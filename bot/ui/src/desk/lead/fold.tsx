// A list of things of which one is open for editing; the others say what matters in a line.
import { type Signal } from "@preact/signals";
import { type ComponentChildren, h } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { DOWN, Icon } from "../../shared/icons";
import { words } from "./words";

interface FoldProps {
  id: string;
  open: Signal<string>;
  title: string;
  facts: ComponentChildren;
  wrong?: boolean;
  children: ComponentChildren;
}

export function Fold({ id, open, title, facts, wrong, children }: FoldProps) {
  const name = useId();
  const box = useRef<HTMLElement>(null);
  const isOpen = open.value === id;
  useEffect(() => {
    if (isOpen) box.current?.scrollIntoView({ block: "nearest" });
  }, [isOpen]);
  return (
    <section class={`fold ${isOpen ? "open" : ""} ${wrong ? "wrong" : ""}`} ref={box}>
      <h2>
        <button type="button" aria-expanded={isOpen} aria-controls={`${name}-body`} onClick={() => (open.value = isOpen ? "" : id)}>
          <span class="fold-title">{title || "…"}</span>
          {wrong && <span class="hidden">{words.value.policy.wrong}</span>}
          <Icon d={DOWN} />
        </button>
      </h2>
      {!isOpen && <p class="fold-facts">{facts}</p>}
      <div class="fold-body" id={`${name}-body`} hidden={!isOpen}>
        {isOpen && children}
      </div>
    </section>
  );
}
