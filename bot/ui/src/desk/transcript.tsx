// Every turn of the conversation with the notes between; follows the end unless one reads above, loads what is older.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { DOWN, Icon } from "../shared/icons";
import { day, sameDay } from "../shared/time";
import type { Desk } from "./desk";
import { atEnd, conversation, known, lang, now, place, rows, session, ticket, typing, words } from "./store";
import { Episode, Note } from "./aside";
import { Sending } from "./sending";
import { Turn } from "./turn";
import { type Item, weave } from "./weave";

/** So near to the end the reader is taken to be following it. */
const NEAR = 120;

export function Transcript({ desk }: { desk: Desk }) {
  const t = words.value;
  const box = useRef<HTMLDivElement>(null);
  const away = useSignal(false);
  atEnd.value = !away.value;
  const open = known.value!;
  const sending = desk.outgoing.replies.value.filter((reply) => reply.conversation === conversation.value);
  const items = weave(rows.value, open.notes, begun(), open.earlier);
  const toEnd = () => box.current?.scrollTo({ top: box.current.scrollHeight });
  const last = rows.value.at(-1)?.seq;
  useLayoutEffect(() => {
    if (away.peek() && !sending.some(({ state }) => state === "held")) return;
    toEnd();
    if (!document.hidden) desk.saw();
  }, [last, open.notes.length, sending.length, typing.value]);
  // Pictures that arrive and a composer that grows take room: who was at the end stays there.
  useEffect(() => {
    const watch = new ResizeObserver(() => void (away.peek() || toEnd()));
    watch.observe(box.current!);
    watch.observe(box.current!.firstElementChild!);
    return () => watch.disconnect();
  }, []);
  const older = async () => {
    const { scrollHeight, scrollTop } = box.current!;
    if (!(await desk.loadOlder())) return;
    // What stood on the screen stays where it was, whatever has come above it.
    requestAnimationFrame(() => box.current && (box.current.scrollTop = scrollTop + box.current.scrollHeight - scrollHeight));
  };
  const scrolled = () => {
    const { scrollHeight, scrollTop, clientHeight } = box.current!;
    away.value = scrollHeight - scrollTop - clientHeight > NEAR;
    if (!away.value && !document.hidden) desk.saw();
    if (scrollTop < NEAR) void older();
  };
  return (
    <div class="transcript">
      <div class="turns" ref={box} tabIndex={0} role="group" aria-label={t.transcript} onScroll={scrolled} data-turns>
        <div class="turns-inner">
          {open.earlier && (
            <button type="button" class="plain-button earlier" onClick={() => void older()}>
              {t.earlier}
            </button>
          )}
          {items.map((item, at) => (
            <Fragment key={item.key}>
              {(!at || !sameDay(items[at - 1]!.at, item.at)) && <p class="day">{day(item.at, lang.value)}</p>}
              <One item={item} />
            </Fragment>
          ))}
          {sending.map((reply) => (
            <Sending key={reply.cid} reply={reply} desk={desk} now={reply.state === "held" ? now.value : 0} />
          ))}
          <Typist />
        </div>
      </div>
      {away.value && (
        <button type="button" class="to-end" aria-label={t.toEnd} onClick={toEnd}>
          <Icon d={DOWN} />
        </button>
      )}
    </div>
  );
}

/** Where each request of this conversation began. */
function begun() {
  const open = known.value!;
  const all = open.episodes.map((one) => one.ticket).filter((one) => one.conversation === open.conversation);
  const current = ticket.value;
  return current && !all.some(({ id }) => id === current.id) ? [...all, current] : all;
}

function One({ item }: { item: Item }) {
  if (item.kind === "episode") return <Episode ticket={item.ticket} current={item.ticket.id === ticket.value?.id && place.value.kind !== "lead"} />;
  if (item.kind === "note") return <Note note={item.note} mine={item.note.author === session.value?.operator.id} />;
  const { read, delivered } = known.value!;
  const { row, named } = item;
  const mark = row.author !== "operator" ? "" : row.seq <= read ? "read" : row.seq <= delivered ? "delivered" : "stored";
  return <Turn row={row} lang={lang.value} named={named} mark={mark} customer={ticket.value?.customer_name || known.value!.customer.name} />;
}

/** The customer's unsent words, as they appear; colleagues' typing is told in the header. */
function Typist() {
  const t = words.value;
  const someone = typing.value;
  if (!someone || someone.who === "operator") return null;
  const name = someone.who === "bot" ? t.bot : ticket.value?.customer_name || known.value?.customer.name || t.guest;
  return (
    <div class={`typist ${someone.who}`} data-typing={someone.who}>
      <p>
        <span class="dots">
          <i />
          <i />
          <i />
        </span>
        {name} {t.typing}
      </p>
      {someone.text && (
        <p class="preview" dir="auto">
          {someone.text}
        </p>
      )}
    </div>
  );
}
