// A bug or wish out of a conversation: the form of the lead's screens in a window of the desk.
import { h } from "preact";
import type { LinkedIssue } from "../../shared/wire";
import { Lazy } from "../lazy";
import { conversation, detail, dialog, known, ticket, toast } from "../store";
import { Frame } from "./frame";
import { say } from "./words";

const form = async () => (await import("../lead/issue-form")).IssueForm;
const close = () => (dialog.value = null);

export function Issue() {
  const t = say.value;
  const start = { title: ticket.value?.subject ?? "", environment: known.value?.customer.page_url ?? "" };
  const props = { conversation: conversation.value, start, onDone: filed, onClose: close };
  return (
    <Frame title={t.issue} wide>
      <Lazy load={form} props={props} wait={<p class="soft">{t.loading}</p>} />
    </Frame>
  );
}

function filed(linked: LinkedIssue): void {
  const open = known.value;
  if (open) detail.value = { ...open, issues: [...open.issues.filter(({ id }) => id !== linked.id), linked] };
  toast({ id: "issue", kind: "issue", text: `${say.value.filed}: ${linked.title}`, stays: 5_000 });
  close();
}
