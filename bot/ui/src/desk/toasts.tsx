// Words that pass by: reminders with a link to their request, closings that can still be undone.
import { h } from "preact";
import { CLOSE, Icon } from "../shared/icons";
import type { Desk } from "./desk";
import { now, toasts, untoast, words } from "./store";

/** Ours; the server's sentences say by themselves what they are about. */
const OWN = ["failed"];

export function Toasts({ desk }: { desk: Desk }) {
  const t = words.value;
  const closings = desk.outgoing.closings.value;
  return (
    <div class="toasts" role="region" aria-label={t.notices} aria-live="polite">
      {closings.map((one) => (
        <div class="toast closing" key={`closing-${one.ticket}`} data-toast="closing">
          <p>
            <b>№{one.number}</b> {t.closing} {t.outcome[one.outcome]}
          </p>
          <button type="button" class="plain-button" onClick={() => desk.outgoing.undoClose(one.ticket)}>
            {t.undo} <span aria-hidden="true">{seconds(one.due)}</span>
          </button>
        </div>
      ))}
      {toasts.value.map(({ id, kind, text, href, act }) => (
        <div class={`toast ${kind}`} key={id} data-toast={kind}>
          <p>
            {OWN.includes(kind) && <b>{t.reminder[kind]} </b>}
            {text}
          </p>
          {href && (
            <a href={href} onClick={() => untoast(id)}>
              {t.open}
            </a>
          )}
          {act && (
            <button
              type="button"
              class="plain-button"
              onClick={() => {
                untoast(id);
                act.run();
              }}
            >
              {act.title}
            </button>
          )}
          <button type="button" class="tool" aria-label={t.dismiss} onClick={() => untoast(id)}>
            <Icon d={CLOSE} />
          </button>
        </div>
      ))}
    </div>
  );
}

const seconds = (due: number): number => Math.max(0, Math.ceil((due - now.value) / 1000));
