// One row of the transcript as the customer sees it; drawn again only when something about it has changed.
import { Component, type ComponentChildren, h } from "preact";
import { Words } from "../shared/blocks";
import { Icon, Mark, NEXT, PERSON } from "../shared/icons";
import { clock } from "../shared/time";
import type { Lang, MessageView } from "../shared/wire";
import type { Chat, Extra } from "./chat";
import { WORDS } from "./words";

export interface RowProps {
  row: MessageView;
  lang: Lang;
  /** First of its author's run: carries the name. Last: carries the time. */
  first: boolean;
  last: boolean;
  /** Its buttons still mean something; `pressed` is the one on its way. */
  live: boolean;
  pressed: string;
  chat: Chat;
  extra: Extra | null;
}

export class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    // Whether an answer helped is asked below it, and shown as soon as it is told.
    return next.row.source !== null || (Object.keys(next) as (keyof RowProps)[]).some((key) => next[key] !== this.props[key]);
  }

  override render({ row, lang, first, last, extra }: RowProps): ComponentChildren {
    if (row.kind === "joined") return <p class="note">{row.text}</p>;
    const card = extra?.card(this.props);
    if (card) return card;
    const mine = row.author === "customer";
    const person = row.author === "operator";
    return (
      <div class={`row ${mine ? "mine" : person ? "person" : "bot"}`}>
        {!mine && first && <By name={person ? row.author_name : WORDS[lang].bot} person={person} />}
        {row.text && (
          <div class="bubble" dir="auto">
            {row.kind === "edit" && <small>{WORDS[lang].edited}</small>}
            <Words row={row} />
          </div>
        )}
        {extra ? (
          <extra.Below {...this.props} />
        ) : (
          row.files.map(({ url, name }) => (
            <a href={url} target="_blank">
              {name}
            </a>
          ))
        )}
        <Buttons {...this.props} />
        {last && (
          <time class="time" dateTime={row.at}>
            {clock(row.at, lang)}
          </time>
        )}
      </div>
    );
  }
}

interface ButtonsProps extends Pick<RowProps, "row" | "live" | "pressed" | "chat"> {
  face?(at: number): ComponentChildren;
}

export function Buttons({ row, live, pressed, chat, face }: ButtonsProps) {
  if (!row.buttons.length) return null;
  return (
    <div class={`buttons ${row.buttons.some((one) => one.act === "article") ? "tall" : ""}`}>
      {row.buttons.map((one, at) => (
        <button
          type="button"
          class={`choice ${pressed === one.id ? "pressed" : ""}`}
          disabled={!live || pressed !== ""}
          onClick={() => chat.press(row, one.id)}
        >
          {one.act === "person" ? <Icon d={PERSON} /> : face?.(at)}
          <span>{one.title}</span>
          {one.act === "article" && <Icon d={NEXT} />}
        </button>
      ))}
    </div>
  );
}

export function By({ name, person }: { name: string; person: boolean }) {
  return (
    <div class="by">
      {person ? <b class="face">{name.charAt(0)}</b> : <Mark />}
      {name}
    </div>
  );
}
