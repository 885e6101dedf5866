// Incidents: a rush of questions that may be one, those that go on with their news, and those that are over.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import type { IncidentPage, IncidentView, RushView } from "../../shared/wire";
import { lang } from "../store";
import { useLoad } from "./door";
import { Fold } from "./fold";
import { Declare, type Draft, News } from "./incident-forms";
import { Empty, Page, Ready, Section } from "./parts";
import { counted, fill, topicName, words } from "./words";

export function Incidents() {
  const t = words.value;
  const loaded = useLoad<IncidentPage>("incidents");
  const declaring = useSignal<Partial<Draft> | null>(null);
  const open = useSignal("");
  return (
    <Page
      title={t.screens.incidents}
      hint={t.incidents.hint}
      actions={
        <button type="button" class="button primary" onClick={() => (declaring.value = {})}>
          {t.incidents.declare}
        </button>
      }
    >
      <Ready loaded={loaded}>
        {({ incidents, rushes, topics }) => {
          const going = incidents.filter(({ state }) => state === "active");
          const over = incidents.filter(({ state }) => state === "over");
          const list = (some: IncidentView[]) => (
            <div class="folds">
              {some.map((one) => (
                <Fold key={one.id} id={one.id} open={open} title={`№${one.number} ${one.title[lang.value]}`} facts={<Facts incident={one} />}>
                  <Incident incident={one} onChange={loaded.reload} />
                </Fold>
              ))}
            </div>
          );
          return (
            <>
              {rushes.length > 0 && (
                <Section title={t.incidents.rushes}>
                  <ul class="rushes">
                    {rushes.map((rush) => (
                      <Rush key={rush.topic} rush={rush} onDeclare={() => (declaring.value = { topics: [rush.topic] })} />
                    ))}
                  </ul>
                </Section>
              )}
              {!incidents.length && !rushes.length && <Empty title={t.incidents.empty} text={t.incidents.emptyHint} />}
              {going.length > 0 && <Section title={t.incidents.active}>{list(going)}</Section>}
              {over.length > 0 && <Section title={t.incidents.over}>{list(over)}</Section>}
              {declaring.value && <Declare start={declaring.value} topics={topics} onDone={loaded.reload} onClose={() => (declaring.value = null)} />}
            </>
          );
        }}
      </Ready>
    </Page>
  );
}

function Rush({ rush, onDeclare }: { rush: RushView; onDeclare(): void }) {
  const t = words.value.incidents;
  return (
    <li class="rush">
      <span>
        <b>{fill(t.rush, { topic: topicName(rush.topic), n: rush.customers, usual: rush.usual.toLocaleString(lang.value) })}</b>
        {rush.page && <small>{fill(t.rushPage, { page: rush.page })}</small>}
      </span>
      <button type="button" class="button" onClick={onDeclare}>
        {t.fromRush}
      </button>
    </li>
  );
}

const moment = (at: string) =>
  new Date(at).toLocaleString(lang.value === "en" ? "en-GB" : "ru", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

function Facts({ incident }: { incident: IncidentView }) {
  const t = words.value.incidents;
  const { opened_at, opened_by, ended_at, subscribers } = incident;
  return (
    <>
      <span>
        {ended_at ? fill(t.until, { from: moment(opened_at), to: moment(ended_at) }) : fill(t.since, { time: moment(opened_at), name: opened_by })}
      </span>
      {subscribers > 0 && <span>{counted(subscribers, t.subscribers)}</span>}
    </>
  );
}

function Incident({ incident, onChange }: { incident: IncidentView; onChange(): void }) {
  const t = words.value.incidents;
  const about = [...incident.topics.map(topicName), ...incident.words.map((word) => `${word}…`)];
  return (
    <>
      <p class="fold-facts">
        <Facts incident={incident} />
      </p>
      <p class="incident-text" dir="auto">
        {incident.text[lang.value]}
      </p>
      <p class="soft">{about.join(", ")}</p>
      {incident.updates.length > 0 && (
        <Section title={t.news}>
          <ul class="incident-news">
            {incident.updates.map((update) => (
              <li key={update.at}>
                <time dateTime={update.at}>{moment(update.at)}</time>
                <span dir="auto">{update[lang.value]}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {incident.state === "active" && <News incident={incident} onDone={onChange} />}
    </>
  );
}
