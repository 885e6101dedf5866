// One bug or wish: its words, its conversations, its way to the tracker, and what follows when it is fixed.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { Link } from "../../shared/blocks";
import { Icon, OUT } from "../../shared/icons";
import type { IssueView } from "../../shared/wire";
import { call, useAct } from "./door";
import { Facts } from "./issues";
import { Confirm } from "./modal";
import { Alarm, Text, Told } from "./parts";
import { called, counted, fill, words } from "./words";

interface IssueProps {
  issue: IssueView;
  onChange(issue: IssueView): void;
}

const PARTS = ["steps", "expected", "got", "environment", "details"] as const;

export function IssueDetail({ issue, onChange }: IssueProps) {
  const t = words.value.issues;
  return (
    <>
      <p class="fold-facts">
        <Facts issue={issue} />
      </p>
      <dl class="issue-words">
        {PARTS.filter((part) => issue[part]).map((part) => (
          <Fragment key={part}>
            <dt>{t[part]}</dt>
            <dd dir="auto">{issue[part]}</dd>
          </Fragment>
        ))}
        {issue.conversations.length > 0 && (
          <>
            <dt>{t.conversations}</dt>
            <dd class="issue-links">
              {issue.conversations.map((id, at) => (
                <a key={id} href={`#/c/${encodeURIComponent(id)}`}>
                  {fill(t.conversation, { n: at + 1 })}
                </a>
              ))}
            </dd>
          </>
        )}
      </dl>
      <Tracker issue={issue} onChange={onChange} />
    </>
  );
}

function Tracker({ issue, onChange }: IssueProps) {
  const t = words.value;
  const url = useSignal(issue.url);
  const asks = useSignal(false);
  const told = useSignal("");
  const act = useAct();
  const post = async (verb: string, done: string, body?: object) => {
    told.value = "";
    const next = await call<IssueView>("POST", `issues/${encodeURIComponent(issue.id)}/${verb}`, body);
    onChange(next);
    told.value = done;
  };
  const saveUrl = (event: Event) => {
    event.preventDefault();
    void act.run(() => post("url", t.issues.urlSaved, { url: url.value.trim() }));
  };
  return (
    <>
      {issue.sent === "failed" && (
        <p class="alarm">
          {called(t.issues.sent, issue.sent)}
          {issue.error && `: ${issue.error}`}
        </p>
      )}
      <Alarm text={act.error} />
      <form class="one-line" onSubmit={saveUrl}>
        <Text label={t.issues.url} type="url" maxLength={500} value={url.value} onText={(text) => (url.value = text)} />
        <button class="button" disabled={act.busy || url.value.trim() === issue.url}>
          {t.save}
        </button>
        {issue.url && (
          <Link href={issue.url}>
            {t.issues.open}
            <Icon d={OUT} />
          </Link>
        )}
      </form>
      <footer class="fold-foot">
        {issue.state === "open" ? (
          <button type="button" class="button primary" onClick={() => (asks.value = true)}>
            {t.issues.fixed}
          </button>
        ) : (
          <button type="button" class="button" disabled={act.busy} onClick={() => void act.run(() => post("reopen", t.issues.reopened))}>
            {t.issues.reopen}
          </button>
        )}
        {issue.sent === "failed" && (
          <button type="button" class="button" disabled={act.busy} onClick={() => void act.run(() => post("resend", t.issues.resent))}>
            {t.issues.resend}
          </button>
        )}
        <Told text={told.value} />
      </footer>
      {asks.value && (
        <Confirm
          title={fill(t.issues.fixedTitle, { number: issue.number })}
          text={counted(issue.conversations.length, t.issues.fixedText)}
          action={t.issues.fixed}
          onYes={() => post("fixed", t.issues.fixedDone)}
          onClose={() => (asks.value = false)}
        />
      )}
    </>
  );
}
