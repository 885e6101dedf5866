// A bug or wish out of a conversation: a structured report, or a link to one that is known already.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { useEffect } from "preact/hooks";
import type { IssueBody, IssueList, IssueView, LinkedIssue } from "../../shared/wire";
import { textOf } from "../api";
import { api, conversation, detail, known, ticket, toast } from "../store";
import { Form, Option } from "./frame";
import { say } from "./words";

type Text = Exclude<keyof IssueBody, "kind" | "files">;
const BUG: Text[] = ["steps", "expected", "got", "environment"];

export function Issue() {
  const t = say.value;
  const way = useSignal<"report" | "known">("report");
  const kind = useSignal<IssueBody["kind"]>("bug");
  const issue = useSignal("");
  const values = useSignal<Partial<Record<Text, string>>>({ title: ticket.value?.subject ?? "", environment: known.value?.customer.page_url ?? "" });
  const ready = way.value === "known" ? issue.value !== "" : Boolean(values.value.title?.trim());
  const act = async (): Promise<string> => {
    const at = `conversations/${encodeURIComponent(conversation.value)}/issues`;
    try {
      const linked =
        way.value === "known"
          ? await api.call<LinkedIssue>("POST", `${at}/link`, { issue: issue.value })
          : await api.call<LinkedIssue>("POST", at, { kind: kind.value, ...wanted(kind.value, values.value) });
      const open = known.value;
      if (open) detailWith(open.issues, linked);
      toast({ id: "issue", kind: "issue", text: `${t.filed}: ${linked.title}`, stays: 5_000 });
      return "";
    } catch (error) {
      return textOf(error);
    }
  };
  return (
    <Form title={t.issue} act={way.value === "known" ? t.link : t.file} ready={ready} onAct={act}>
      <div class="options across" role="radiogroup" aria-label={t.issue}>
        {(["report", "known"] as const).map((one) => (
          <Option key={one} name="way" value={one} chosen={way.value} onChoose={() => (way.value = one)} first={one === "report"}>
            <span>{t[one]}</span>
          </Option>
        ))}
      </div>
      {way.value === "known" ? (
        <Known chosen={issue.value} onChoose={(id) => (issue.value = id)} />
      ) : (
        <Report kind={kind.value} values={values.value} onKind={(next) => (kind.value = next)} onWrite={(name, text) => (values.value = { ...values.value, [name]: text })} />
      )}
    </Form>
  );
}

/** Only the fields of this kind are sent. */
function wanted(kind: IssueBody["kind"], values: Partial<Record<Text, string>>): Omit<IssueBody, "kind"> {
  const names: Text[] = kind === "bug" ? BUG : ["details"];
  const rest = Object.fromEntries(names.map((name) => [name, values[name]?.trim() ?? ""]));
  return { title: values.title?.trim() ?? "", ...rest };
}

function detailWith(issues: readonly LinkedIssue[], linked: LinkedIssue): void {
  const open = known.value!;
  detail.value = { ...open, issues: [...issues.filter(({ id }) => id !== linked.id), linked] };
}

interface ReportProps {
  kind: IssueBody["kind"];
  values: Partial<Record<Text, string>>;
  onKind(kind: IssueBody["kind"]): void;
  onWrite(name: Text, text: string): void;
}

function Report({ kind, values, onKind, onWrite }: ReportProps) {
  const t = say.value;
  const hints: Partial<Record<Text, string>> = { steps: t.stepsHint, environment: t.environmentHint };
  return (
    <>
      <div class="options across" role="radiogroup" aria-label={t.kind}>
        {(["bug", "wish"] as const).map((one) => (
          <Option key={one} name="kind" value={one} chosen={kind} onChoose={() => onKind(one)}>
            <span>{t[one]}</span>
          </Option>
        ))}
      </div>
      <label class="labelled">
        {t.title}
        <input name="title" required maxLength={200} value={values.title ?? ""} onInput={(event) => onWrite("title", event.currentTarget.value)} />
      </label>
      {(kind === "bug" ? BUG : (["details"] as Text[])).map((name) => (
        <label class="labelled" key={name}>
          {t[name as "steps"]}
          <textarea
            name={name}
            rows={name === "steps" || name === "details" ? 3 : 1}
            maxLength={5_000}
            placeholder={hints[name]}
            value={values[name] ?? ""}
            onInput={(event) => onWrite(name, event.currentTarget.value)}
          />
        </label>
      ))}
    </>
  );
}

function Known({ chosen, onChoose }: { chosen: string; onChoose(id: string): void }) {
  const t = say.value;
  const all = useSignal<readonly IssueView[] | null>(null);
  const error = useSignal("");
  useEffect(() => {
    api.call<IssueList>("GET", "issues").then(
      ({ issues }) => (all.value = issues.filter(({ state }) => state === "open")),
      (reason: unknown) => (error.value = textOf(reason)),
    );
  }, []);
  if (error.value)
    return (
      <p class="alarm" role="alert">
        {error.value}
      </p>
    );
  if (!all.value) return <p class="soft">{t.loading}</p>;
  if (!all.value.length) return <p class="soft">{t.noneOpen}</p>;
  return (
    <div class="options scrolls" role="radiogroup" aria-label={t.known}>
      {all.value.map((one) => (
        <Option key={one.id} name="issue" value={one.id} chosen={chosen} onChoose={onChoose}>
          <span>{one.title}</span>
          <small>№{one.number}</small>
        </Option>
      ))}
    </div>
  );
}
