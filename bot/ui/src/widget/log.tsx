// The transcript: greeting, days, rows, what is still on its way; keeps the newest in sight unless one reads above.
import { Component, createRef, Fragment, h } from "preact";
import { Icon, NEXT, RETRY } from "../shared/icons";
import type { Item } from "../shared/outbox";
import { day, sameDay } from "../shared/time";
import type { MessageView } from "../shared/wire";
import type { Chat } from "./chat";
import { By, Row } from "./row";
import { WORDS, type Words } from "./words";

/** So near to the end the reader is taken to be following it. */
const NEAR = 90;

export class Log extends Component<{ chat: Chat }> {
  private readonly box = createRef<HTMLDivElement>();
  private newest = "";

  override componentDidMount(): void {
    this.toEnd();
    // The composer grows, the keyboard opens: whoever followed the end still does.
    new ResizeObserver(this.follow).observe(this.box.current!);
  }

  override componentDidUpdate(): void {
    const { outbox, rows } = this.props.chat;
    const mine = outbox.items.at(-1)?.frame.cid ?? "";
    const written = mine !== "" && mine !== this.newest;
    this.newest = mine;
    if (!this.props.chat.away || written || rows.cursor === 0) this.toEnd();
  }

  private readonly follow = (): void => {
    if (!this.props.chat.away) this.toEnd();
  };

  private readonly toEnd = (): void => {
    const box = this.box.current!;
    box.scrollTop = box.scrollHeight;
  };

  private readonly scrolled = (): void => {
    const { scrollHeight, scrollTop, clientHeight } = this.box.current!;
    const { chat } = this.props;
    const away = scrollHeight - scrollTop - clientHeight > NEAR;
    if (away === chat.away) return;
    chat.away = away;
    chat.need();
  };

  override render({ chat }: { chat: Chat }) {
    const words = WORDS[chat.lang];
    const waiting = chat.outbox.items.filter(({ frame }) => frame.type === "message");
    const fresh = !chat.rows.list.length && !waiting.length;
    return (
      <main>
        <div
          class="log"
          ref={this.box}
          tabIndex={0}
          role="group"
          aria-label={words.log}
          onScroll={this.scrolled}
          onLoadCapture={this.follow}
        >
          {chat.greeting && <Greeting chat={chat} fresh={fresh} />}
          {chat.rows.list.map((row, at, all) => this.row(row, all[at - 1], all[at + 1]))}
          {waiting.map((item) => (
            <Pending key={item.frame.cid} item={item} chat={chat} words={words} />
          ))}
          {chat.typing && <Typing chat={chat} />}
        </div>
        {chat.away && chat.extra && <chat.extra.Down lang={chat.lang} go={this.toEnd} />}
      </main>
    );
  }

  private row(row: MessageView, before: MessageView | undefined, after: MessageView | undefined) {
    const { chat } = this.props;
    const newDay = !before || !sameDay(before.at, row.at);
    return (
      <Fragment key={row.seq}>
        {newDay && <p class="day">{day(row.at, chat.lang)}</p>}
        <Row
          row={row}
          lang={chat.lang}
          first={newDay || !before || voice(before) !== voice(row) || before.kind === "handoff"}
          last={!after || voice(after) !== voice(row) || after.kind !== row.kind}
          live={isLive(row, chat)}
          pressed={pressed(row, chat)}
          chat={chat}
          extra={chat.extra}
        />
      </Fragment>
    );
  }
}

/** Whose voice the customer hears: the product's own sentences are the assistant's. */
function voice({ author, author_name, kind }: MessageView): string {
  if (kind === "joined" || kind === "rating_request") return kind;
  return author === "system" ? "bot" : author + (author === "operator" ? author_name : "");
}

/** Choices hold until anything else is said; a rating until it is given or a new talk is rated. */
function isLive({ seq, kind }: MessageView, { rows, holder }: Chat): boolean {
  const later = rows.list.filter((row) => row.seq > seq);
  if (kind === "rating_request") return !later.some((row) => row.kind.startsWith("rating"));
  return holder.holder !== "operator" && !later.some((row) => row.author === "customer");
}

export function pressed(row: MessageView, { outbox }: Chat): string {
  for (const { frame } of outbox.items) if (frame.type === "press" && frame.seq === row.seq) return frame.button;
  return "";
}

function Greeting({ chat, fresh }: { chat: Chat; fresh: boolean }) {
  const words = WORDS[chat.lang];
  if (!fresh)
    return (
      <div class="row bot">
        <By name={words.bot} person={false} />
        <div class="bubble">{chat.greeting}</div>
      </div>
    );
  return (
    <div class="hello">
      <By name={words.bot} person={false} />
      <p>{chat.greeting}</p>
      <h2>{words.ask}</h2>
      {chat.suggestions.map((text) => (
        <button type="button" class="choice" onClick={() => chat.say(text)}>
          <span>{text}</span>
          <Icon d={NEXT} />
        </button>
      ))}
    </div>
  );
}

function Pending({ item, chat, words }: { item: Item; chat: Chat; words: Words }) {
  const { frame, state, note } = item;
  if (frame.type !== "message") return null;
  const failed = state === "failed";
  return (
    <div class={`row mine ${state}`}>
      <div class="bubble" dir="auto">
        <p class="plain">{frame.text || "📎"}</p>
      </div>
      <span class="time">
        {note || words[state]}
        {failed && (
          <button type="button" class="retry" onClick={() => chat.retry(item)}>
            <Icon d={RETRY} />
            {words.retry}
          </button>
        )}
      </span>
    </div>
  );
}

function Typing({ chat }: { chat: Chat }) {
  const { who, name } = chat.typing!;
  const words = WORDS[chat.lang];
  return (
    <div class="row typing">
      <div class="bubble">
        <i />
        <i />
        <i />
        <span class="hidden">{`${who === "operator" ? name : words.bot} ${words.typing}`}</span>
      </div>
    </div>
  );
}
