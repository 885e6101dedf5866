// The tags of a ticket: the fixed kinds, the team's own, and a new one.
import { useSignal } from "@preact/signals";
import { h } from "preact";
import { tags, ticket, words } from "../store";
import { Form } from "./frame";
import type { DialogProps } from "./main";
import { say } from "./words";

const MOST = 20;

interface TagChoiceProps {
  chosen: ReadonlySet<string>;
  onChange(chosen: ReadonlySet<string>): void;
  first?: boolean;
}

export function TagChoice({ chosen, onChange, first }: TagChoiceProps) {
  const t = say.value;
  const fresh = useSignal("");
  const all = [...new Set([...tags.value, ...chosen])];
  const turn = (tag: string) => {
    const next = new Set(chosen);
    if (!next.delete(tag) && next.size < MOST) next.add(tag);
    onChange(next);
  };
  const add = () => {
    const tag = fresh.value.trim().replace(/^#/, "").toLowerCase();
    fresh.value = "";
    if (tag && !chosen.has(tag)) turn(tag);
  };
  return (
    <fieldset>
      <legend>{t.tags}</legend>
      <div class="tag-choice">
        {all.map((tag, at) => (
          <label key={tag} class={`tag-box ${chosen.has(tag) ? "chosen" : ""}`} data-tag={tag}>
            <input type="checkbox" checked={chosen.has(tag)} data-first={(first && !at) || undefined} onChange={() => turn(tag)} />
            {words.value.tag[tag] ?? tag}
          </label>
        ))}
      </div>
      <div class="add-tag">
        <input
          aria-label={t.newTag}
          placeholder={t.newTag}
          maxLength={40}
          value={fresh.value}
          onInput={(event) => (fresh.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.ctrlKey || !fresh.value.trim()) return;
            event.preventDefault();
            add();
          }}
        />
        <button type="button" class="button" disabled={!fresh.value.trim()} onClick={add}>
          {t.add}
        </button>
      </div>
    </fieldset>
  );
}

export function Tagging({ desk }: DialogProps) {
  const t = say.value;
  const chosen = useSignal<ReadonlySet<string>>(new Set(ticket.value?.tags));
  return (
    <Form title={t.tags} act={t.save} onAct={() => desk.acts.tag([...chosen.value])}>
      <p class="soft">{t.tagsHint}</p>
      <TagChoice chosen={chosen.value} onChange={(next) => (chosen.value = next)} first />
    </Form>
  );
}
