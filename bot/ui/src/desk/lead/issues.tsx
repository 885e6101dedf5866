// Bugs and wishes: the list, narrowed by state, kind and words; one open at a time.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import type { IssueList, IssueView } from "../../shared/wire";
import { lang } from "../store";
import { Segments } from "./choices";
import { useLoad } from "./door";
import { Fold } from "./fold";
import { IssueDetail } from "./issue";
import { Empty, Page, Pick, Ready, Text } from "./parts";
import { called, counted, words } from "./words";

export function Issues() {
  const t = words.value;
  const loaded = useLoad<IssueList>("issues");
  return (
    <Page title={t.screens.issues} hint={t.issues.hint}>
      <Ready loaded={loaded}>
        {({ issues }) => (
          <List issues={issues} onChange={(next) => loaded.put({ issues: issues.map((one) => (one.id === next.id ? next : one)) })} />
        )}
      </Ready>
    </Page>
  );
}

/** Does an issue hold every word that was typed? "#12" and "12" find number 12. */
export function found(issue: Pick<IssueView, "number" | "title"> & Partial<IssueView>, query: string): boolean {
  const all = [issue.number, issue.title, issue.steps, issue.got, issue.expected, issue.details, issue.environment].join(" ").toLocaleLowerCase();
  return query
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word.replace(/^[#№]/, "")));
}

function List({ issues, onChange }: { issues: IssueView[]; onChange(issue: IssueView): void }) {
  const t = words.value;
  const state = useSignal("open");
  const kind = useSignal("");
  const query = useSignal("");
  const open = useSignal("");
  const of = (one: string) => issues.filter((issue) => issue.state === one).length;
  const shown = issues
    .filter((issue) => (!state.value || issue.state === state.value) && (!kind.value || issue.kind === kind.value) && found(issue, query.value))
    .sort((a, b) => b.number - a.number);
  if (!issues.length) return <Empty title={t.issues.empty} text={t.issues.emptyHint} />;
  return (
    <>
      <div class="lead-filters">
        <Text label={t.issues.search} bare type="search" placeholder={t.issues.search} value={query.value} onText={(text) => (query.value = text)} />
        <Segments
          label={t.issues.state}
          value={state.value}
          options={[
            ["open", t.issues.states.open!, of("open")],
            ["fixed", t.issues.states.fixed!, of("fixed")],
            ["", t.all, issues.length],
          ]}
          onPick={(next) => (state.value = next)}
        />
        <Pick
          label={t.issues.kind}
          bare
          value={kind.value}
          options={[["", t.issues.anyKind], ...Object.entries(t.issues.kinds)]}
          onPick={(next) => (kind.value = next)}
        />
      </div>
      {!shown.length && <Empty title={t.nothingFound} />}
      <div class="folds">
        {shown.map((issue) => (
          <Fold key={issue.id} id={issue.id} open={open} title={`№${issue.number} ${issue.title}`} facts={<Facts issue={issue} />}>
            <IssueDetail issue={issue} onChange={onChange} />
          </Fold>
        ))}
      </div>
    </>
  );
}

export function Facts({ issue }: { issue: IssueView }) {
  const t = words.value.issues;
  const date = new Date(issue.created_at).toLocaleDateString(lang.value === "en" ? "en-GB" : "ru", { day: "numeric", month: "short", year: "numeric" });
  return (
    <>
      <span class={`badge ${issue.kind === "bug" ? "grave" : "strong"}`}>{called(t.kinds, issue.kind)}</span>
      {issue.state === "fixed" && <span class="badge good">{called(t.states, issue.state)}</span>}
      <span>{counted(issue.conversations.length, t.linked)}</span>
      <span>
        {issue.author_name}, {date}
      </span>
      {issue.sent !== "no_tracker" && <span class={issue.sent === "failed" ? "bad" : ""}>{called(t.sent, issue.sent)}</span>}
    </>
  );
}
