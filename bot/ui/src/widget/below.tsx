// What stands below a row: its files, the article an answer was taken from, and whether it helped.
import { Fragment, h } from "preact";
import { newCid } from "../shared/cid";
import { ARTICLE, Icon, OUT, PERSON } from "../shared/icons";
import { THUMB } from "../shared/thumb";
import type { Lang, MarkAnswer, MessageView, SourceView } from "../shared/wire";
import { Files } from "./attach";
import type { Chat } from "./chat";
import type { RowProps } from "./row";
import { WORDS as SHARED } from "./words";

const EN = { source: "Source", ask: "Did this help?", up: "It helped", down: "It did not help", thanks: "Thank you!", sorry: "Sorry that it did not. Put it in other words, or talk to a person." };
const RU: typeof EN = { source: "Источник", ask: "Ответ помог?", up: "Помог", down: "Не помог", thanks: "Спасибо!", sorry: "Жаль, что не помог. Спросите другими словами или позовите человека." };
const WORDS = { ru: RU, en: EN };

type Thumb = MarkAnswer["mark"];

export function Below({ row, lang, chat }: RowProps) {
  return (
    <>
      <Files files={row.files} lang={lang} />
      {row.source && <Source source={row.source} lang={lang} />}
      {row.source && row.author === "bot" && row.kind === "answer" && <Thumbs row={row} chat={chat} />}
    </>
  );
}

function Source({ source, lang }: { source: SourceView; lang: Lang }) {
  return (
    <a class="source" href={source.url} target="_blank" rel="noopener">
      <Icon d={ARTICLE} />
      <span>
        <small>{WORDS[lang].source}</small>
        {source.title}
      </span>
      <Icon d={OUT} />
    </a>
  );
}

function Thumbs({ row, chat }: { row: MessageView; chat: Chat }) {
  const words = WORDS[chat.lang];
  const mark = thumb(row, chat);
  const alone = chat.holder.holder === "bot";
  return (
    <>
      <div class="thumbs" role="group" aria-label={words.ask}>
        <span>{words.ask}</span>
        {(["up", "down"] as const).map((one) => (
          <button type="button" aria-label={words[one]} title={words[one]} aria-pressed={mark === one} onClick={() => rate(row, chat, mark === one ? "none" : one)}>
            <Icon d={THUMB} />
          </button>
        ))}
      </div>
      <p class="sorry" role="status">
        {mark === "up" && words.thanks}
        {mark === "down" && alone && words.sorry}
      </p>
      {mark === "down" && alone && !row.buttons.some(({ act }) => act === "person") && (
        <button type="button" class="choice" onClick={() => chat.askPerson()}>
          <Icon d={PERSON} />
          <span>{SHARED[chat.lang].person}</span>
        </button>
      )}
    </>
  );
}

/** What the customer has said of an answer: what is still on its way counts before what the server has told. */
export function thumb({ seq, mark }: MessageView, { outbox }: Chat): Thumb {
  return sent(seq, outbox.items).at(-1)?.mark ?? mark ?? "none";
}

/** One thumb a row: what has not arrived of an earlier one is not sent any more. */
export function rate({ seq }: MessageView, chat: Chat, mark: Thumb): void {
  for (const { cid } of sent(seq, chat.outbox.items)) chat.outbox.drop(cid);
  chat.deliver({ type: "mark_answer", cid: newCid(), seq, mark });
}

function sent(seq: number, items: Chat["outbox"]["items"]): MarkAnswer[] {
  return items.flatMap(({ frame }) => (frame.type === "mark_answer" && frame.seq === seq ? [frame] : []));
}
