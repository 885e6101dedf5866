// Labelled questions: found by where they come from and what became of them; kept, removed and restored by a person.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { useEffect } from "preact/hooks";
import type { LabelPage, LabelView, Lang, LearningView } from "../../shared/wire";
import { textOf } from "../api";
import { moment } from "../format";
import { toConversation } from "../route";
import { lang, may } from "../store";
import { Segments } from "./choices";
import { call, useAct } from "./door";
import { Alarm, Empty, Pick, Section, Text } from "./parts";
import { called, fill, words } from "./words";

type State = LabelView["state"];

const STATES: readonly State[] = ["active", "doubtful", "removed"];
const PAUSE = 250;

interface LabelsProps {
  of: Lang;
  counts: LearningView["counts"];
  onChanged(): void;
}

export function Labels({ of, counts, onChanged }: LabelsProps) {
  const t = words.value.learning;
  const state = useSignal<State>("active");
  const source = useSignal("");
  const typed = useSignal("");
  const list = useList(`of=${of}&state=${state.value}&source=${source.value}&q=${encodeURIComponent(typed.value.trim())}`);
  const sum = (one: State) => counts.reduce((all, count) => all + count[one], 0);
  return (
    <Section title={t.labels} hint={t.labelsHint}>
      <div class="label-states">
        <Segments label={t.state} value={state.value} options={STATES.map((one) => [one, called(t.states, one), sum(one)] as const)} onPick={(one) => (state.value = one as State)} />
      </div>
      <div class="lead-filters">
        <Text label={t.search} type="search" maxLength={200} value={typed.value} onText={(text) => (typed.value = text)} />
        <Pick label={t.source} value={source.value} options={[["", t.anySource], ...counts.map((one) => [one.source, called(t.sources, one.source)] as const)]} onPick={(one) => (source.value = one)} />
      </div>
      <Alarm text={list.error} />
      {list.labels?.length === 0 && <Empty title={typed.value || source.value ? words.value.nothingFound : t.empty} text={typed.value || source.value || state.value !== "active" ? "" : t.emptyHint} />}
      <ul class="labels" aria-label={t.labels}>
        {list.labels?.map((label) => (
          <Row
            key={label.id}
            label={label}
            onDecided={() => {
              list.drop(label.id);
              onChanged();
            }}
          />
        ))}
      </ul>
      {list.next && (
        <p class="more">
          <button type="button" class="button" onClick={list.more}>
            {t.more}
          </button>
        </p>
      )}
    </Section>
  );
}

/** Page by page; a new query begins anew once the typing rests. */
function useList(query: string) {
  const labels = useSignal<LabelView[] | null>(null);
  const next = useSignal<string | null>(null);
  const error = useSignal("");
  const load = async (before: string, current: () => boolean) => {
    try {
      const page = await call<LabelPage>("GET", `labels?${query}&before=${before}`);
      if (!current()) return;
      labels.value = before ? [...(labels.value ?? []), ...page.labels] : page.labels;
      next.value = page.next;
      error.value = "";
    } catch (reason) {
      if (current()) error.value = textOf(reason);
    }
  };
  useEffect(() => {
    let here = true;
    const timer = setTimeout(() => void load("", () => here), labels.value ? PAUSE : 0);
    return () => {
      here = false;
      clearTimeout(timer);
    };
  }, [query]);
  return {
    labels: labels.value,
    next: next.value,
    error: error.value,
    more: () => void load(next.value!, () => true),
    drop: (id: number) => (labels.value = labels.value?.filter((one) => one.id !== id) ?? null),
  };
}

function Row({ label, onDecided }: { label: LabelView; onDecided(): void }) {
  const t = words.value.learning;
  const act = useAct();
  const decide = async (state: State) => {
    if (await act.run(() => call("POST", `labels/${label.id}/state`, { state }))) onDecided();
  };
  return (
    <li>
      <div class="label-words">
        <p class="label-text" dir="auto">
          {label.text}
        </p>
        <p class={`label-says ${label.right ? "" : "wrong"}`}>
          <Says {...label} />
        </p>
        <p class="label-from">
          <span>{called(t.sources, label.source)}</span>
          {label.by && <span>{fill(t.by, { name: label.by })}</span>}
          <time dateTime={label.at}>{moment(label.at, lang.value)}</time>
          {label.conversation && may("see_desk") && <a href={toConversation(label.conversation)}>{t.conversation}</a>}
          {label.reviewed_by && <span>{fill(t.reviewed, { name: label.reviewed_by })}</span>}
        </p>
        {label.rivals.length > 0 && (
          <div class="label-rivals">
            {t.rivals}
            <ul>
              {label.rivals.map((rival) => (
                <li key={`${rival.article} ${rival.source}`}>
                  <Says {...rival} /> <small>{called(t.sources, rival.source)}</small>
                </li>
              ))}
            </ul>
          </div>
        )}
        <Alarm text={act.error} />
      </div>
      <div class="label-acts">
        {label.state !== "active" && (
          <button type="button" class="button small" disabled={act.busy} onClick={() => void decide("active")}>
            {label.state === "doubtful" ? t.keep : t.restore}
            <span class="hidden">: {label.text}</span>
          </button>
        )}
        {label.state !== "removed" && (
          <button type="button" class="button small" disabled={act.busy} onClick={() => void decide("removed")}>
            {t.removeLabel}
            <span class="hidden">: {label.text}</span>
          </button>
        )}
      </div>
    </li>
  );
}

function Says({ article, title, right }: Pick<LabelView, "article" | "title" | "right">) {
  const t = words.value.learning;
  if (!article) return <>{t.nothing}</>;
  return (
    <>
      <span>{right ? t.answers : t.not}</span> <b>{title ? fill(t.quoted, { title }) : fill(t.gone, { id: article })}</b>
    </>
  );
}
