// One row of the transcript for an operator; under the bot's own, a line with what it knew.
import { Component, type ComponentChildren, h } from "preact";
import { Link, Words } from "../shared/blocks";
import { Icon } from "../shared/icons";
import { THUMB } from "../shared/thumb";
import { clock } from "../shared/time";
import type { DeskMessageView, EvidenceView, Lang } from "../shared/wire";
import { Files } from "./files";
import { percent, score } from "./format";
import { DONE, TWICE } from "./icons";
import { WORDS } from "./words";

interface TurnProps {
  row: DeskMessageView;
  lang: Lang;
  named: boolean;
  /** How far an operator's words have come. */
  mark: "" | "stored" | "delivered" | "read";
  customer: string;
}

/** What the product says by itself; drawn small, in the middle. */
const ASIDE = ["joined", "returned", "farewell", "rating_request", "handoff", "notice", "contact_request"];

export class Turn extends Component<TurnProps> {
  override shouldComponentUpdate(next: TurnProps): boolean {
    return (Object.keys(next) as (keyof TurnProps)[]).some((key) => next[key] !== this.props[key]);
  }

  override render({ row, lang, named, mark, customer }: TurnProps): ComponentChildren {
    const t = WORDS[lang];
    if (row.author === "system" || ASIDE.includes(row.kind)) return <Aside row={row} lang={lang} />;
    const name = { customer: customer || t.guest, bot: t.bot, operator: row.author_name }[row.author];
    return (
      <article class={`turn ${row.author}`} data-seq={row.seq} data-author={row.author}>
        {named && <p class="meta name">{name}</p>}
        <div class={`bubble ${row.kind}`} dir="auto">
          {row.kind === "edit" && <small>{t.edited}</small>}
          {row.kind === "rating" && <small>{t.rated}</small>}
          {(row.text || !row.files.length) && <Words row={row} />}
          <Files files={row.files} />
          {row.buttons.length > 0 && (
            <ul class="offered">
              {row.buttons.map(({ id, title }) => (
                <li key={id}>{title}</li>
              ))}
            </ul>
          )}
        </div>
        {row.evidence && <Evidence known={row.evidence} lang={lang} />}
        <p class="meta">
          <Time row={row} lang={lang} />
          {row.mark && (
            <span class={`thumb ${row.mark}`} data-thumb={row.mark}>
              <Icon d={THUMB} />
              {t.thumb[row.mark]}
            </span>
          )}
          {mark && (
            <span class={`mark-read ${mark}`} data-mark={mark} title={t[mark]}>
              <Icon d={mark === "stored" ? DONE : TWICE} />
              <span class={mark === "read" ? "" : "hidden"}>{t[mark]}</span>
            </span>
          )}
        </p>
      </article>
    );
  }
}

function Time({ row, lang }: Pick<TurnProps, "row" | "lang">) {
  return <time dateTime={row.at}>{clock(row.at, lang)}</time>;
}

/** The long words of a handoff are folded away: an operator has read them a hundred times. */
function Aside({ row, lang }: Pick<TurnProps, "row" | "lang">) {
  const handoff = row.kind === "handoff" && row.buttons.length > 0;
  return (
    <div class="aside" data-seq={row.seq} data-kind={row.kind}>
      {handoff ? (
        <details>
          <summary>
            {WORDS[lang].handedOver} <Time row={row} lang={lang} />
          </summary>
          <p class="aside-text">{row.text}</p>
        </details>
      ) : (
        <p class={`aside-text ${row.kind}`}>
          {row.text} <Time row={row} lang={lang} />
        </p>
      )}
      {row.evidence && <Evidence known={row.evidence} lang={lang} />}
    </div>
  );
}

function Evidence({ known, lang }: { known: EvidenceView; lang: Lang }) {
  const t = WORDS[lang];
  return (
    <p class="evidence">
      <span class={`verdict ${known.verdict}`}>{t.verdict[known.verdict]}</span>
      <span>
        <span class="hidden">{t.confidence}</span> {percent(known.confidence)}
      </span>
      {known.intent && <code>{known.intent}</code>}
      {known.tried.map((tried) => (
        <span class="hit" key={tried.article}>
          <Link href={tried.url}>{tried.title}</Link> {score(tried.score)}
        </span>
      ))}
    </p>
  );
}
