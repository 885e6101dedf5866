// Playbooks: what the team does about each topic, written by a lead and read beside the dialog.
import { useSignal } from "@preact/signals";
import { h } from "preact";
import type { PlaybookList, PlaybookView } from "../../shared/wire";
import { lang } from "../store";
import { call, useAct, useLoad } from "./door";
import { Fold } from "./fold";
import { type Both, NOTHING, Pair } from "./pair";
import { Alarm, Empty, Page, Ready, Told } from "./parts";
import { topicName, words } from "./words";

export function Playbooks() {
  const t = words.value;
  const loaded = useLoad<PlaybookList>("playbooks");
  const open = useSignal("");
  return (
    <Page title={t.screens.playbooks} hint={t.playbooks.hint}>
      <Ready loaded={loaded}>
        {({ playbooks, topics }) => {
          const all = [...new Set([...topics, ...playbooks.map(({ topic }) => topic)])].sort((a, b) => topicName(a).localeCompare(topicName(b)));
          const kept = (topic: string) => playbooks.find((one) => one.topic === topic);
          if (!all.length) return <Empty title={t.playbooks.noTopics} />;
          return (
            <div class="folds">
              {all.map((topic) => (
                <Fold key={topic} id={topic} open={open} title={topicName(topic)} facts={<span>{firstLine(kept(topic)) || t.playbooks.empty}</span>}>
                  <Editor topic={topic} kept={kept(topic)} onSaved={loaded.reload} />
                </Fold>
              ))}
            </div>
          );
        }}
      </Ready>
    </Page>
  );
}

const firstLine = (playbook: PlaybookView | undefined) => playbook?.[lang.value].trim().split("\n")[0] ?? "";

function Editor({ topic, kept, onSaved }: { topic: string; kept: PlaybookView | undefined; onSaved(): void }) {
  const t = words.value;
  const text = useSignal<Both>(kept ? { ru: kept.ru, en: kept.en } : NOTHING);
  const told = useSignal("");
  const act = useAct();
  const save = async (event: Event) => {
    event.preventDefault();
    const saved = await act.run(() => call<PlaybookView>("PUT", "playbooks", { topic, ...text.value }));
    if (!saved) return;
    told.value = t.saved;
    onSaved();
  };
  return (
    <form class="form" noValidate onSubmit={(event) => void save(event)}>
      <Pair
        labels={t.playbooks.textOf}
        hint={t.playbooks.textHint}
        rows={8}
        value={text.value}
        maxLength={10000}
        onText={(next) => {
          text.value = next;
          told.value = "";
        }}
      />
      <Alarm text={act.error} />
      <footer class="form-foot">
        <button class="button primary" disabled={act.busy}>
          {act.busy ? t.saving : t.save}
        </button>
        <Told text={told.value} />
      </footer>
    </form>
  );
}
