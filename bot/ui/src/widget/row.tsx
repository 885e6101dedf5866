// One row of the transcript as the customer sees it; drawn again only when something about it has changed.
import { Component, type ComponentChildren, Fragment, h } from "preact";
import { Words } from "../shared/blocks";
import { ARTICLE, Icon, Mark, NEXT, OUT, PERSON } from "../shared/icons";
import { clock } from "../shared/time";
import type { ButtonView, Lang, MessageView, SourceView } from "../shared/wire";
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
}

const FACE = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9 10v.01M15 10v.01";
const SMILES = ["M8 17c2-3 6-3 8 0", "M8 15c2 1 6 1 8 0", "M7 14h10c-1 5-9 5-10 0Z"];

export class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    return (Object.keys(next) as (keyof RowProps)[]).some((key) => next[key] !== this.props[key]);
  }

  override render({ row, lang, first, last }: RowProps): ComponentChildren {
    if (row.kind === "joined") return <p class="note">{row.text}</p>;
    if (row.kind === "rating_request") return this.card(<p class="ask">{row.text}</p>, "rate");
    if (row.kind === "handoff" && row.buttons.length) return this.handoff();
    const mine = row.author === "customer";
    const person = row.author === "operator";
    return (
      <div class={`row ${mine ? "mine" : person ? "person" : "bot"}`}>
        {!mine && first && <By name={person ? row.author_name : WORDS[lang].bot} person={person} />}
        <div class="bubble" dir="auto">
          {row.kind === "edit" && <small>{WORDS[lang].edited}</small>}
          <Words row={row} />
        </div>
        {row.source && <Source source={row.source} lang={lang} />}
        {this.buttons()}
        {last && (
          <time class="time" dateTime={row.at}>
            {clock(row.at, lang)}
          </time>
        )}
      </div>
    );
  }

  private handoff(): ComponentChildren {
    const { row, lang } = this.props;
    return this.card(
      <>
        <h2>
          <Icon d={PERSON} />
          {WORDS[lang].handoff}
        </h2>
        <Words row={row} />
      </>,
      "handoff",
    );
  }

  private card(inner: ComponentChildren, kind: string): ComponentChildren {
    return (
      <div class={`card ${kind}`}>
        {inner}
        {this.buttons()}
      </div>
    );
  }

  private buttons(): ComponentChildren {
    const { row, live, pressed, press } = this.props;
    if (!row.buttons.length || (!live && row.kind === "handoff")) return null;
    return (
      <div class={`buttons ${row.buttons.some((one) => one.act === "article") ? "tall" : ""}`}>
        {row.buttons.map((one, at) => (
          <button
            type="button"
            class={`choice ${pressed === one.id ? "pressed" : ""}`}
            disabled={!live || pressed !== ""}
            onClick={() => press(row, one.id)}
          >
            <Face button={one} at={at} />
            <span>{one.title}</span>
            {one.act === "article" && <Icon d={NEXT} />}
          </button>
        ))}
      </div>
    );
  }
}

function Face({ button, at }: { button: ButtonView; at: number }) {
  if (button.act === "rate") return <Icon d={FACE + (SMILES[at] ?? SMILES[1])} />;
  return button.act === "person" ? <Icon d={PERSON} /> : null;
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
