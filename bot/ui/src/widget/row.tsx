// One row of the transcript as the customer sees it; drawn again only when something about it has changed.
import { Component, type ComponentChildren, h } from "preact";
import { Words } from "../shared/blocks";
import { ARTICLE, Icon, Mark, NEXT, OUT, PERSON } from "../shared/icons";
import { clock } from "../shared/time";
import type { Lang, MessageView, SourceView } from "../shared/wire";
import type { Extra } from "./chat";
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
  press(row: MessageView, button: string): void;
  say(text: string): void;
  extra: Extra | null;
}

export class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    return (Object.keys(next) as (keyof RowProps)[]).some((key) => next[key] !== this.props[key]);
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
          <extra.Files files={row.files} lang={lang} />
        ) : (
          row.files.map(({ url, name }) => (
            <a href={url} target="_blank">
              {name}
            </a>
          ))
        )}
        {row.source && <Source source={row.source} lang={lang} />}
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

interface ButtonsProps extends Pick<RowProps, "row" | "live" | "pressed" | "press"> {
  face?(at: number): ComponentChildren;
}

export function Buttons({ row, live, pressed, press, face }: ButtonsProps) {
  if (!row.buttons.length) return null;
  return (
    <div class={`buttons ${row.buttons.some((one) => one.act === "article") ? "tall" : ""}`}>
      {row.buttons.map((one, at) => (
        <button
          type="button"
          class={`choice ${pressed === one.id ? "pressed" : ""}`}
          disabled={!live || pressed !== ""}
          onClick={() => press(row, one.id)}
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
