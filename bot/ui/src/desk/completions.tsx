// The list over the composer: ready answers after a slash, colleagues after an @.
import { h } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { CannedView } from "../shared/wire";
import { type Asked, fill, match, type Values } from "./canned";
import { agents, api, canned, cannedFailed, known, me, session, ticket, words } from "./store";

export interface Choice {
  id: string;
  title: string;
  hint: string;
  text: string;
  used?(): void;
}

const MOST = 8;

export function choices({ kind, query }: Asked): Choice[] {
  return kind === "canned" ? ready(query) : colleagues(query);
}

function ready(query: string): Choice[] {
  const values = variables();
  const lang = ticket.value?.lang ?? "ru";
  return match(canned.value ?? [], query, ticket.value?.group ?? "")
    .slice(0, MOST)
    .map((one: CannedView) => {
      const text = fill(one, lang, values);
      return { id: `/${one.shortcut}`, title: one.title, hint: text, text, used: () => void api.cannedUsed(one.id).catch(() => null) };
    });
}

function colleagues(query: string): Choice[] {
  const begun = query.toLowerCase();
  return agents.value
    .filter(({ id, name }) => id !== me.value && name.toLowerCase().split(/\s+/).concat(name.toLowerCase()).some((part) => part.startsWith(begun)))
    .slice(0, MOST)
    .map(({ name, presence }) => ({ id: name, title: words.value.presenceOf[presence], hint: "", text: `@${name} ` }));
}

/** What a ready answer may name. */
export function variables(): Values {
  const open = ticket.value;
  const detail = known.value;
  const fields = { ...detail?.fields, ...Object.fromEntries((detail?.customer.fields ?? []).map(({ key, value }) => [key, value ?? ""])) };
  return {
    customer: open?.customer_name || detail?.customer.name || "",
    operator: session.value?.operator.name ?? "",
    number: open ? String(open.number) : "",
    topic: open?.topic ?? "",
    ...Object.fromEntries(Object.entries(fields).map(([key, value]) => [`field.${key.toLowerCase()}`, value])),
  };
}

interface CompletionsProps {
  asked: Asked;
  all: readonly Choice[];
  at: number;
  onTake(choice: Choice): void;
}

export function Completions({ asked, all, at, onTake }: CompletionsProps) {
  const t = words.value;
  const box = useRef<HTMLUListElement>(null);
  useEffect(() => box.current?.children[at]?.scrollIntoView({ block: "nearest" }), [at]);
  if (!all.length) {
    if (asked.kind === "mention") return null;
    return <p class="completions none">{cannedFailed.value ? t.cannedFailed : canned.value ? t.noCanned : t.loading}</p>;
  }
  return (
    <ul class="completions" id="completions" role="listbox" ref={box} aria-label={asked.kind === "canned" ? t.canned : t.colleagues}>
      {all.map((one, place) => (
        <li
          key={one.id}
          id={`completion-${place}`}
          role="option"
          aria-selected={place === at}
          // The field keeps the focus, so that the caret stays where the words go.
          onMouseDown={(event) => {
            event.preventDefault();
            onTake(one);
          }}
        >
          <b>{one.id}</b> {one.title}
          {one.hint && <small dir="auto">{one.hint}</small>}
        </li>
      ))}
    </ul>
  );
}
