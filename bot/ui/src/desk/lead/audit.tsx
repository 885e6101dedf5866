// The audit log: who changed what and when, newest first, page by page.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { useEffect } from "preact/hooks";
import { clock, day } from "../../shared/time";
import type { AuditEntry, AuditPage, PersonList } from "../../shared/wire";
import { textOf } from "../api";
import { agents, groupName, lang, may } from "../store";
import { call } from "./door";
import { Alarm, Empty, Page, Pick } from "./parts";
import { called, words } from "./words";

export function Audit() {
  const t = words.value;
  const entries = useSignal<AuditEntry[] | null>(null);
  const next = useSignal<string | null>(null);
  const error = useSignal("");
  const busy = useSignal(false);
  const actor = useSignal("");
  const act = useSignal("");
  const people = useSignal<(readonly [string, string])[]>(agents.value.map(({ id, name }) => [id, name] as const));
  const load = async (before: string) => {
    busy.value = true;
    const asked = [actor.value, act.value].join();
    const query = [`before=${before}`, `actor=${encodeURIComponent(actor.value)}`, `act=${encodeURIComponent(act.value)}`];
    try {
      const page = await call<AuditPage>("GET", `audit?${query.filter((one) => !one.endsWith("=")).join("&")}`);
      if (asked !== [actor.value, act.value].join()) return;
      entries.value = before ? [...(entries.value ?? []), ...page.entries] : page.entries;
      next.value = page.next;
      error.value = "";
    } catch (reason) {
      error.value = textOf(reason);
    }
    busy.value = false;
  };
  useEffect(() => void load(""), [actor.value, act.value]);
  useEffect(() => {
    // Everybody with an account may have done something, not only those who serve.
    if (!may("manage_operators") && !may("manage_team")) return;
    call<PersonList>("GET", "people").then(
      ({ people: all }) => (people.value = all.map(({ id, name }) => [id, name] as const)),
      () => undefined,
    );
  }, []);
  const acts = new Set([...Object.keys(t.audit.acts), ...(entries.value ?? []).map((one) => one.act)]);
  return (
    <Page title={t.screens.audit} hint={t.audit.hint} wide>
      <div class="lead-filters">
        <Pick label={t.audit.who} value={actor.value} options={[["", t.audit.everybody], ...people.value]} onPick={(id) => (actor.value = id)} />
        <Pick
          label={t.audit.act}
          value={act.value}
          options={[["", t.audit.everything], ...[...acts].map((one) => [one, called(t.audit.acts, one)] as const)]}
          onPick={(one) => (act.value = one)}
        />
      </div>
      <Alarm text={error.value} />
      {error.value && (
        <button type="button" class="button" onClick={() => void load("")}>
          {t.retry}
        </button>
      )}
      {entries.value === null ? !error.value && <p class="soft lead-wait">{t.loading}</p> : <Entries entries={entries.value} people={people.value} />}
      {next.value && (
        <p class="more">
          <button type="button" class="button" disabled={busy.value} onClick={() => void load(next.value!)}>
            {t.audit.older}
          </button>
        </p>
      )}
    </Page>
  );
}

type Named = readonly (readonly [id: string, name: string])[];

function Entries({ entries, people }: { entries: AuditEntry[]; people: Named }) {
  const t = words.value;
  if (!entries.length) return <Empty title={t.audit.empty} text={t.audit.emptyHint} />;
  return (
    <table class="audit">
      <thead>
        <tr>
          {[t.audit.when, t.audit.who, t.audit.act, t.audit.object, t.audit.details].map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.id}>
            <td data-label={t.audit.when}>
              <time dateTime={entry.at}>
                {day(entry.at, lang.value)}, {clock(entry.at, lang.value)}
              </time>
            </td>
            <td data-label={t.audit.who}>{entry.actor_name || t.audit.product}</td>
            <td data-label={t.audit.act}>
              <b>{called(t.audit.acts, entry.act)}</b>
            </td>
            <td data-label={t.audit.object}>
              {called(t.audit.objects, entry.object_kind)} {ONLY_ONE.includes(entry.object_kind) || <About entry={entry} people={people} />}
            </td>
            <td data-label={t.audit.details}>
              <Detail detail={entry.detail} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** People by their name, anything else by its id. */
function About({ entry, people }: { entry: AuditEntry; people: Named }) {
  const name = people.find(([id]) => id === entry.object_id)?.[1];
  return name ? <b>{name}</b> : <code>{short(entry.object_id)}</code>;
}

/** There is one of each, so their ids say nothing. */
const ONLY_ONE = ["policy", "tracker"];

/** Long ids say nothing to the eye; their beginning tells two apart. */
function short(id: string): string {
  const ENOUGH = 12;
  return id.length > ENOUGH ? `${id.slice(0, 8)}…` : id;
}

/** Codes that have words are said in words; "before → after" and lists keep their form. */
function shown(name: string, value: string): string {
  const t = words.value;
  const names: Readonly<Record<string, string>> | undefined = {
    role: t.roles,
    changed: t.policy.sections,
    active: { True: t.yes, False: t.no, true: t.yes, false: t.no },
    template: t.tracker.templates,
    langs: t.languages,
    skills: t.topics,
  }[name];
  if (name === "groups") return value.split(", ").map(groupName).join(", ");
  return names ? value.replace(/[\w-]+/g, (code) => names[code] ?? code) : value;
}

function Detail({ detail }: { detail: AuditEntry["detail"] }) {
  const all = Object.entries(detail).filter(([, value]) => value !== "");
  if (!all.length) return <span class="soft">—</span>;
  return (
    <>
      {all.map(([name, value]) => (
        <span key={name} class="audit-detail">
          <span class="soft">{called(words.value.audit.names, name)}:</span> {shown(name, String(value))}
        </span>
      ))}
    </>
  );
}
