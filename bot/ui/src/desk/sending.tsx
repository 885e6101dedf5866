// A reply on its way: for three seconds it can be taken back, then it is sent, then its own row replaces it.
import { h } from "preact";
import { Icon, RETRY } from "../shared/icons";
import type { Desk } from "./desk";
import { Files } from "./files";
import { PEN } from "./icons";
import type { Reply } from "./outgoing";
import { words } from "./store";

export function Sending({ reply, desk, now }: { reply: Reply; desk: Desk; now: number }) {
  const t = words.value;
  const { cid, state, note, files, due } = reply;
  const left = Math.max(1, Math.ceil((due - now) / 1000));
  return (
    <article class={`turn operator ${state}`} data-reply={state}>
      <div class="bubble" dir="auto">
        {reply.text && <p class="plain">{reply.text}</p>}
        <Files files={files} />
      </div>
      <p class="meta" role={state === "failed" ? "alert" : undefined}>
        {state === "held" && (
          <span>
            {t.held} {left}
          </span>
        )}
        {state === "sending" && t.sending}
        {state === "sent" && t.sent}
        {state === "failed" && (note || t.failed)}
        {state === "failed" && (
          <button type="button" class="plain-button" onClick={() => void desk.outgoing.retry(cid)}>
            <Icon d={RETRY} />
            {t.retry}
          </button>
        )}
        {(state === "held" || state === "failed") && (
          <button type="button" class="plain-button" onClick={() => desk.takeBack(cid)}>
            {state === "failed" && <Icon d={PEN} />}
            {state === "held" ? t.undo : t.edit}
          </button>
        )}
      </p>
    </article>
  );
}
