// Declaring an incident, telling news of it, and saying that it is over.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import type { IncidentBody, IncidentView } from "../../shared/wire";
import { Pills } from "./choices";
import { call, useAct } from "./door";
import { Confirm, Modal } from "./modal";
import { type Both, NOTHING, Pair, whole } from "./pair";
import { Alarm, Text, Told } from "./parts";
import { topicName, words } from "./words";

export interface Draft {
  title: Both;
  text: Both;
  topics: string[];
  words: string;
}

/** Beginnings of words out of what was typed with commas. */
export const wordsOf = (typed: string): string[] => [...new Set(typed.split(/[,;\n]/).map((word) => word.trim()))].filter((word) => word.length > 2);

interface DeclareProps {
  start: Partial<Draft>;
  topics: string[];
  onDone(): void;
  onClose(): void;
}

export function Declare({ start, topics, onDone, onClose }: DeclareProps) {
  const t = words.value;
  const draft = useSignal<Draft>({ title: NOTHING, text: NOTHING, topics: [], words: "", ...start });
  const tried = useSignal(false);
  const act = useAct();
  const set = (part: Partial<Draft>) => (draft.value = { ...draft.value, ...part });
  const { title, text, topics: chosen, words: typed } = draft.value;
  const about = chosen.length > 0 || wordsOf(typed).length > 0;
  const save = async () => {
    tried.value = true;
    if (!whole(title) || !whole(text) || !about) return;
    const body: IncidentBody = { title, text, topics: chosen, words: wordsOf(typed) };
    if (await act.run(() => call<IncidentView>("POST", "incidents", body))) {
      onDone();
      onClose();
    }
  };
  return (
    <Modal
      title={t.incidents.declare}
      wide
      onClose={onClose}
      onSubmit={() => void save()}
      actions={
        <>
          <button type="button" class="button" onClick={onClose}>
            {t.cancel}
          </button>
          <button class="button primary" disabled={act.busy}>
            {t.incidents.go}
          </button>
        </>
      }
    >
      <div class="form">
        <Pair labels={t.incidents.titleOf} line value={title} maxLength={200} tried={tried.value} onText={(next) => set({ title: next })} />
        <Pair labels={t.incidents.textOf} value={text} maxLength={2000} tried={tried.value} onText={(next) => set({ text: next })} />
        <Pills
          legend={t.incidents.topics}
          hint={t.incidents.topicsHint}
          error={tried.value && !about ? t.incidents.about : ""}
          options={topics.map((topic) => [topic, topicName(topic)] as const)}
          chosen={chosen}
          onChoose={(next) => set({ topics: next })}
        />
        <Text label={t.incidents.words} hint={t.incidents.wordsHint} maxLength={500} value={typed} onText={(next) => set({ words: next })} />
        <Alarm text={act.error} />
      </div>
    </Modal>
  );
}

/** News for whoever waits, or the end of it; what was typed stays until it is told. */
export function News({ incident, onDone }: { incident: IncidentView; onDone(): void }) {
  const t = words.value;
  const news = useSignal<Both>(NOTHING);
  const tried = useSignal(false);
  const ending = useSignal(false);
  const told = useSignal("");
  const act = useAct();
  const send = async (how: "update" | "end") => {
    await call<IncidentView>("POST", `incidents/${incident.id}/${how}`, { text: news.value });
    news.value = NOTHING;
    tried.value = false;
    told.value = t.incidents.told;
    onDone();
  };
  const ready = () => {
    tried.value = true;
    return whole(news.value);
  };
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (ready()) void act.run(() => send("update"));
      }}
    >
      <Pair
        labels={t.incidents.newsOf}
        rows={3}
        value={news.value}
        maxLength={2000}
        tried={tried.value}
        onText={(next) => {
          news.value = next;
          told.value = "";
        }}
      />
      <Alarm text={act.error} />
      <footer class="form-foot">
        <button class="button" disabled={act.busy}>
          {t.incidents.tell}
        </button>
        <button type="button" class="button primary" disabled={act.busy} onClick={() => (ending.value = ready())}>
          {t.incidents.end}
        </button>
        <Told text={told.value} />
      </footer>
      {ending.value && (
        <Confirm
          title={t.incidents.endTitle}
          text={t.incidents.endText}
          action={t.incidents.end}
          onYes={() => send("end")}
          onClose={() => (ending.value = false)}
        />
      )}
    </form>
  );
}
