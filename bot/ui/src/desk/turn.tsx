// One row of the transcript for an operator; under the bot's own, a line with what it knew.
import { Component, type ComponentChildren, h } from "preact";
import { Link, Words } from "../shared/blocks";
import { clock } from "../shared/time";
import type { DeskMessageView, EvidenceView, Lang } from "../shared/wire";
import { percent, score } from "./format";
import { ticket } from "./store";
import { WORDS } from "./words";

interface TurnProps {
  row: DeskMessageView;
  lang: Lang;
  named: boolean;
}

/** What the product says by itself; drawn small, in the middle. */
const ASIDE = ["joined", "returned", "farewell", "rating_request", "handoff"];

export class Turn extends Component<TurnProps> {
  override shouldComponentUpdate(next: TurnProps): boolean {
    return next.row !== this.props.row || next.lang !== this.props.lang || next.named !== this.props.named;
  }

  override render({ row, lang, named }: TurnProps): ComponentChildren {
    const t = WORDS[lang];
    if (row.author === "system" || ASIDE.includes(row.kind)) return <Aside row={row} lang={lang} />;
    const name = { customer: ticket.peek()?.customer_name || t.guest, bot: t.bot, operator: row.author_name }[row.author];
    return (
      <article class={`turn ${row.author}`}>
        {named && <p class="meta name">{name}</p>}
        <div class={`bubble ${row.kind}`} dir="auto">
          {row.kind === "edit" && <small>{t.edited}</small>}
          {row.kind === "rating" && <small>{t.rated}</small>}
          <Words row={row} />
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
    <div class="aside">
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
        <span class="hit">
          <Link href={tried.url}>{tried.title}</Link> {score(tried.score)}
        </span>
      ))}
    </p>
  );
}
