// Bugs and wishes that this conversation is linked to, and the door to report another.
import { h } from "preact";
import { Link } from "../shared/blocks";
import { Icon, OUT } from "../shared/icons";
import type { LinkedIssue } from "../shared/wire";
import { dialog, may, words } from "./store";

export function Issues({ issues }: { issues: readonly LinkedIssue[] }) {
  const t = words.value;
  return (
    <section data-part="issues">
      <h2>{t.issues}</h2>
      {!issues.length && <p class="soft">{t.noIssues}</p>}
      <ul class="issues">
        {issues.map((one) => (
          <li key={one.id} data-issue={one.number}>
            <span class={`badge ${one.state === "fixed" ? "good" : ""}`}>
              {t.issueKind[one.kind]} · {t.issueState[one.state]}
            </span>
            <span dir="auto">
              {one.url ? (
                <Link href={one.url}>
                  {one.title}
                  <Icon d={OUT} />
                </Link>
              ) : (
                one.title
              )}
            </span>
          </li>
        ))}
      </ul>
      {may("file_issues") && (
        <button type="button" class="plain-button" onClick={() => (dialog.value = "issue")}>
          {t.file}
        </button>
      )}
    </section>
  );
}
