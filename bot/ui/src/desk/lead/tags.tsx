// Tags: the kinds of request that are always there, and the team's own.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { useRef } from "preact/hooks";
import { CLOSE, Icon } from "../../shared/icons";
import { Section, Text } from "./parts";
import { change } from "./policy";
import { TAG_MAX } from "./policy-check";
import { PolicyScreen, type Rules } from "./policy-page";
import { fill, words } from "./words";

export function Tags() {
  const t = words.value;
  return (
    <PolicyScreen title={t.screens.tags} hint={t.tags.hint}>
      {(rules) => (
        <>
          <Section title={t.tags.fixed}>
            <ul class="own-tags">
              {Object.entries(t.tags.kinds).map(([kind, name]) => (
                <li key={kind} class="own-tag fixed">
                  {name}
                </li>
              ))}
            </ul>
          </Section>
          <Own rules={rules} />
        </>
      )}
    </PolicyScreen>
  );
}

function Own({ rules: { policy } }: { rules: Rules }) {
  const t = words.value;
  const fresh = useSignal("");
  const form = useRef<HTMLFormElement>(null);
  const wanted = fresh.value.trim().toLocaleLowerCase();
  const taken = policy.tags.includes(wanted) || wanted in t.tags.kinds || Object.values(t.tags.kinds).includes(wanted);
  const add = (event: Event) => {
    event.preventDefault();
    if (!wanted || taken) return;
    change("tags", [...policy.tags, wanted]);
    fresh.value = "";
  };
  const remove = (tag: string) => {
    change(
      "tags",
      policy.tags.filter((one) => one !== tag),
    );
    form.current?.querySelector("input")?.focus();
  };
  return (
    <Section title={t.tags.own} hint={t.tags.removeHint}>
      {!policy.tags.length && <p class="soft">{t.tags.none}</p>}
      <ul class="own-tags">
        {policy.tags.map((tag) => (
          <li key={tag} class="own-tag">
            {tag}
            <button type="button" class="tool small" aria-label={fill(t.tags.removeTag, { tag })} onClick={() => remove(tag)}>
              <Icon d={CLOSE} />
            </button>
          </li>
        ))}
      </ul>
      <form class="one-line" ref={form} onSubmit={add}>
        <Text label={t.tags.fresh} value={fresh.value} maxLength={TAG_MAX} error={wanted && taken ? t.tags.taken : ""} onText={(text) => (fresh.value = text)} />
        <button class="button" disabled={!wanted || taken}>
          {t.add}
        </button>
      </form>
    </Section>
  );
}
