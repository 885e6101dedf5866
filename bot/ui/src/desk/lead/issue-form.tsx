// A bug or a wish from a conversation: filed anew with what a developer needs, or linked to one that is known already.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { CLOSE, Icon } from "../../shared/icons";
import type { IssueBody, IssueList, IssueView, LinkedIssue } from "../../shared/wire";
import { api } from "../store";
import { Uploads } from "../uploads";
import { Cards, Segments } from "./choices";
import { call, useAct, useLoad } from "./door";
import { CLIP } from "./icons";
import { Facts, found } from "./issues";
import { Alarm, Area, Ready, Text } from "./parts";
import { focusWrong } from "./password";
import "./styles/lead.css";
import { fill, words } from "./words";

interface IssueFormProps {
  /** The conversation that it is reported from. */
  conversation: string;
  /** What is known already: the subject as a title, the page as the environment. */
  start?: Partial<Pick<IssueBody, "title" | "environment">>;
  onDone(issue: LinkedIssue): void;
  onClose(): void;
}

const TITLE_MIN = 3;
const WORD_MIN = 3;
const SIMILAR = 3;

type Draft = Required<Omit<IssueBody, "files">>;
const EMPTY: Draft = { kind: "bug", title: "", steps: "", expected: "", got: "", environment: "", details: "" };

/** What was written and not filed, by conversation: closing the window or a failure loses nothing. */
const DRAFTS = new Map<string, Draft>();

/** The content of a dialog; the window around it is the caller's. */
export function IssueForm({ conversation, start, onDone, onClose }: IssueFormProps) {
  const t = words.value.issue;
  const known = useLoad<IssueList>("issues");
  const tab = useSignal("fresh");
  return (
    <div class="issue-form">
      <Segments
        label={t.title}
        value={tab.value}
        options={[
          ["fresh", t.fresh],
          ["known", t.known],
        ]}
        onPick={(next) => (tab.value = next)}
      />
      {tab.value === "fresh" ? (
        <Fresh conversation={conversation} start={start ?? {}} known={known.data?.issues ?? []} onDone={onDone} onClose={onClose} />
      ) : (
        <Ready loaded={known}>{({ issues }) => <Known conversation={conversation} issues={issues} onDone={onDone} />}</Ready>
      )}
    </div>
  );
}

/** Open ones that share words with the title, best first. */
export function similar(issues: readonly IssueView[], title: string): IssueView[] {
  const asked = title.toLocaleLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > WORD_MIN);
  const stem = (word: string) => word.slice(0, Math.max(WORD_MIN + 1, word.length - 2));
  return issues
    .filter(({ state }) => state === "open")
    .map((issue) => ({ issue, hits: asked.filter((word) => issue.title.toLocaleLowerCase().includes(stem(word))).length }))
    .filter(({ hits }) => hits > 0)
    .sort((a, b) => b.hits - a.hits || b.issue.number - a.issue.number)
    .slice(0, SIMILAR)
    .map(({ issue }) => issue);
}

function link(conversation: string, issue: string): Promise<LinkedIssue> {
  return call<LinkedIssue>("POST", `conversations/${encodeURIComponent(conversation)}/issues/link`, { issue });
}

type FreshProps = IssueFormProps & { known: IssueView[] };

function Fresh({ conversation, start, known, onDone, onClose }: FreshProps) {
  const t = words.value;
  const draft = useSignal<Draft>(DRAFTS.get(conversation) ?? { ...EMPTY, ...start });
  const uploads = useMemo(() => new Uploads(api), []);
  const tried = useSignal(false);
  const act = useAct();
  const box = useRef<HTMLFormElement>(null);
  const { kind, title } = draft.value;
  useLayoutEffect(() => {
    if (!matchMedia("(pointer: coarse)").matches) box.current?.querySelector<HTMLElement>("input:not([type=radio])")?.focus();
  }, []);
  const set = (part: Partial<Draft>) => {
    draft.value = { ...draft.value, ...part };
    DRAFTS.set(conversation, draft.value);
  };
  const short = title.trim().length < TITLE_MIN;
  const pending = uploads.of(conversation).some(({ state }) => state === "uploading");
  const done = (issue: LinkedIssue) => {
    DRAFTS.delete(conversation);
    onDone(issue);
  };
  const file = async (event: Event) => {
    event.preventDefault();
    tried.value = true;
    if (short) return focusWrong(box.current!);
    const files = uploads.of(conversation).flatMap(({ file: one }) => one?.id ?? []);
    await act.run(async () => done(await call<LinkedIssue>("POST", `conversations/${encodeURIComponent(conversation)}/issues`, { ...sent(draft.value), files })));
  };
  return (
    <form class="form" ref={box} noValidate onSubmit={(event) => void file(event)}>
      <Cards
        legend={t.issue.kind}
        name="kind"
        value={kind}
        options={[
          { value: "bug", title: t.issue.bug },
          { value: "wish", title: t.issue.wish },
        ]}
        onPick={(next) => set({ kind: next as Draft["kind"] })}
      />
      <Text
        label={t.issue.heading}
        hint={t.issue.headingHint}
        maxLength={200}
        value={title}
        error={tried.value && short ? t.issue.headingShort : ""}
        autocomplete="off"
        onText={(text) => set({ title: text })}
      />
      <Similar issues={similar(known, title)} busy={act.busy} onLink={(issue) => void act.run(async () => done(await link(conversation, issue.id)))} />
      {kind === "bug" ? <BugFields draft={draft.value} set={set} /> : null}
      <Area
        label={t.issue.details}
        placeholder={kind === "wish" ? t.issue.detailsPlaceholder : ""}
        rows={kind === "wish" ? 5 : 2}
        maxLength={5_000}
        value={draft.value.details}
        onText={(details) => set({ details })}
      />
      <Files conversation={conversation} uploads={uploads} />
      <p class="field-hint">{t.issue.privacy}</p>
      <Alarm text={act.error} />
      <footer class="form-foot end">
        <button type="button" class="button" onClick={onClose}>
          {t.cancel}
        </button>
        <button class="button primary" disabled={act.busy || pending}>
          {act.busy ? t.issue.creating : t.issue.create}
        </button>
      </footer>
    </form>
  );
}

/** A wish has no steps: what was typed for a bug before is not sent along. */
function sent(draft: Draft): Draft {
  const { kind, title, details } = draft;
  return { ...(kind === "bug" ? draft : { ...EMPTY, kind, details }), title: title.trim() };
}

function BugFields({ draft, set }: { draft: Draft; set(part: Partial<Draft>): void }) {
  const t = words.value.issue;
  return (
    <>
      <Area label={t.steps} placeholder={t.stepsPlaceholder} rows={3} maxLength={5_000} value={draft.steps} onText={(steps) => set({ steps })} />
      <div class="field-row">
        <Area label={t.expected} rows={2} maxLength={2_000} value={draft.expected} onText={(expected) => set({ expected })} />
        <Area label={t.got} rows={2} maxLength={2_000} value={draft.got} onText={(got) => set({ got })} />
      </div>
      <Text
        label={t.environment}
        placeholder={t.environmentPlaceholder}
        maxLength={1_000}
        value={draft.environment}
        autocomplete="off"
        onText={(environment) => set({ environment })}
      />
    </>
  );
}

function Similar({ issues, busy, onLink }: { issues: IssueView[]; busy: boolean; onLink(issue: IssueView): void }) {
  const t = words.value.issue;
  if (!issues.length) return null;
  return (
    <section class="similar" aria-label={t.similar}>
      <b>{t.similar}</b>
      <IssueRows issues={issues} busy={busy} onLink={onLink} />
    </section>
  );
}

function IssueRows({ issues, busy, onLink }: { issues: IssueView[]; busy: boolean; onLink(issue: IssueView): void }) {
  const t = words.value.issue;
  return (
    <ul class="issue-rows">
      {issues.map((issue) => (
        <li key={issue.id}>
          <span>
            <b>№{issue.number}</b> {issue.title}
          </span>
          <span class="fold-facts">
            <Facts issue={issue} />
          </span>
          <button type="button" class="button small" disabled={busy} aria-label={fill(t.linkNamed, { number: issue.number, title: issue.title })} onClick={() => onLink(issue)}>
            {t.link}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Known({ conversation, issues, onDone }: { conversation: string; issues: IssueView[]; onDone(issue: LinkedIssue): void }) {
  const t = words.value.issue;
  const query = useSignal("");
  const act = useAct();
  const shown = issues.filter((issue) => !issue.conversations.includes(conversation) && found(issue, query.value)).sort((a, b) => b.number - a.number);
  return (
    <div class="form">
      <Text label={t.search} type="search" value={query.value} autocomplete="off" onText={(text) => (query.value = text)} />
      <Alarm text={act.error} />
      {shown.length ? (
        <IssueRows issues={shown.slice(0, 20)} busy={act.busy} onLink={(issue) => void act.run(async () => onDone(await link(conversation, issue.id)))} />
      ) : (
        <p class="soft">{t.none}</p>
      )}
    </div>
  );
}

function Files({ conversation, uploads }: { conversation: string; uploads: Uploads }) {
  const t = words.value.issue;
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div class="issue-files">
      <input
        ref={picker}
        class="hidden"
        type="file"
        multiple
        tabIndex={-1}
        aria-label={t.attach}
        onChange={(event) => {
          void uploads.add(conversation, [...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      <button type="button" class="button small" onClick={() => picker.current!.click()}>
        <Icon d={CLIP} />
        {t.attach}
      </button>
      <ul>
        {uploads.of(conversation).map(({ id, name, state, error }) => (
          <li key={id} class={state}>
            <span>{state === "uploading" ? fill(t.uploading, { name }) : name}</span>
            {error && <b class="field-error">{error}</b>}
            <button type="button" class="tool small" aria-label={fill(t.removeFile, { name })} onClick={() => uploads.remove(conversation, id)}>
              <Icon d={CLOSE} />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
