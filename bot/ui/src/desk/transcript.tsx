// Every turn of the conversation, the bot's with what it knew; follows the end unless one reads above.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { DOWN, Icon, RETRY } from "../shared/icons";
import { day, sameDay } from "../shared/time";
import type { Desk } from "./desk";
import { lang, type Reply, replies, rows, selected, ticket, typing, words } from "./store";
import { Turn } from "./turn";

/** So near to the end the reader is taken to be following it. */
const NEAR = 120;

export function Transcript({ desk }: { desk: Desk }) {
  const t = words.value;
  const box = useRef<HTMLDivElement>(null);
  const away = useSignal(false);
  const sending = replies.value.filter((reply) => reply.ticket === selected.value);
  const toEnd = () => box.current!.scrollTo({ top: box.current!.scrollHeight });
  useLayoutEffect(() => {
    if (!away.peek() || sending.length) toEnd();
  }, [rows.value, replies.value, typing.value]);
  const scrolled = () => {
    const { scrollHeight, scrollTop, clientHeight } = box.current!;
    away.value = scrollHeight - scrollTop - clientHeight > NEAR;
  };
  return (
    <div class="transcript">
      <div class="turns" ref={box} tabIndex={0} role="group" aria-label={t.transcript} onScroll={scrolled}>
        {rows.value.map((row, at, all) => (
          <Fragment key={row.seq}>
            {(!at || !sameDay(all[at - 1]!.at, row.at)) && <p class="day">{day(row.at, lang.value)}</p>}
            <Turn row={row} lang={lang.value} named={all[at - 1]?.author !== row.author} />
          </Fragment>
        ))}
        {sending.map((reply) => (
          <Sending key={reply.cid} reply={reply} desk={desk} />
        ))}
        <Typist />
      </div>
      {away.value && (
        <button type="button" class="to-end" aria-label={t.toEnd} onClick={toEnd}>
          <Icon d={DOWN} />
        </button>
      )}
    </div>
  );
}

function Sending({ reply, desk }: { reply: Reply; desk: Desk }) {
  const t = words.value;
  return (
    <article class={`turn operator ${reply.state}`}>
      <div class="bubble" dir="auto">
        <p class="plain">{reply.text}</p>
      </div>
      <p class="meta" role={reply.state === "failed" ? "alert" : undefined}>
        {reply.note || t[reply.state]}
        {reply.state === "failed" && (
          <button type="button" class="plain-button" onClick={() => void desk.retry(reply)}>
            <Icon d={RETRY} />
            {t.retry}
          </button>
        )}
      </p>
    </article>
  );
}

function Typist() {
  const t = words.value;
  const now = typing.value;
  if (!now) return null;
  const name = { customer: ticket.value?.customer_name || t.guest, bot: t.bot, operator: now.name }[now.who];
  return (
    <p class={`typist ${now.who}`}>
      <span class="dots">
        <i />
        <i />
        <i />
      </span>
      {name} {t.typing}
    </p>
  );
}
