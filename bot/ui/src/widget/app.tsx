// The widget's window: who is here, the transcript, the way to a person, the composer.
import { Fragment, h } from "preact";
import { CLOSE, Icon, Mark, PERSON } from "../shared/icons";
import type { Keep } from "../shared/keep";
import type { Chat } from "./chat";
import { Composer } from "./composer";
import { Log } from "./log";
import { WORDS, type Words } from "./words";

export interface AppProps {
  chat: Chat;
  keep: Keep;
  /** Null where the widget is a page of its own. */
  close: (() => void) | null;
  mounted(composer: Composer): void;
}

export function App({ chat, keep, close, mounted }: AppProps) {
  const words = WORDS[chat.lang];
  return (
    <>
      <Header chat={chat} words={words} close={close} />
      {(chat.outdated || chat.status === "offline") && <Banner chat={chat} words={words} />}
      <Log chat={chat} />
      <footer>
        <Person chat={chat} words={words} />
        <Composer chat={chat} keep={keep} mounted={mounted} />
      </footer>
      <div class="hidden" aria-live="polite">
        {chat.heard.map((row) => (
          <p key={row.seq}>{`${row.author === "operator" ? row.author_name : words.bot}: ${row.text}`}</p>
        ))}
      </div>
    </>
  );
}

interface PartProps {
  chat: Chat;
  words: Words;
}

function Header({ chat, words, close }: PartProps & { close: (() => void) | null }) {
  const { holder, operator } = chat.holder;
  const other = chat.lang === "ru" ? "en" : "ru";
  const who = holder === "operator" ? `${operator} ${words.operator}` : holder === "queue" ? words.queue : words.bot;
  return (
    <header>
      {holder === "operator" ? <b class="face">{operator?.charAt(0)}</b> : <Mark />}
      <div>
        <h1>{words.title}</h1>
        <p>{who}</p>
      </div>
      <button type="button" class="tool" lang={other} aria-label={words.other} onClick={() => chat.speak(other)}>
        {other.toUpperCase()}
      </button>
      {close && (
        <button type="button" class="tool" aria-label={words.close} onClick={close}>
          <Icon d={CLOSE} />
        </button>
      )}
    </header>
  );
}

function Banner({ chat, words }: PartProps) {
  return (
    <p class="banner" role="status">
      {chat.outdated ? (
        <button type="button" onClick={() => location.reload()}>
          {words.reload}
        </button>
      ) : (
        words.offline
      )}
    </p>
  );
}

/** Always in sight: the way to a person, then the place in the line, then nothing, because the person is here. */
function Person({ chat, words }: PartProps) {
  const { holder, text } = chat.holder;
  if (holder === "operator") return null;
  if (holder === "queue") return chat.extra ? <chat.extra.Waiting chat={chat} /> : <p role="status">{text}</p>;
  const calling = chat.outbox.items.some(({ frame }) => frame.type === "person");
  return (
    <>
      {text && (
        <p class="note" role="status">
          {text}
        </p>
      )}
      <button type="button" class="call" disabled={calling} onClick={() => chat.askPerson()}>
        <Icon d={PERSON} />
        {calling ? words.calling : words.person}
      </button>
    </>
  );
}
