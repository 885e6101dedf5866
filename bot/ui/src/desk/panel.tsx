// The right column: why a person was called, who the customer is, what helps to answer, what was before.
import type { Signal } from "@preact/signals";
import { type ComponentChildren, Fragment, h } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Link } from "../shared/blocks";
import { CLOSE, Icon } from "../shared/icons";
import { clock, day } from "../shared/time";
import type { EpisodeView, EventView, SuggestedArticle, TicketView, TriedArticle } from "../shared/wire";
import { borrow } from "./borrowed";
import { Customer } from "./customer";
import { moment, plain, plural, score } from "./format";
import { Issues } from "./issues";
import { Playbook } from "./playbook";
import { toTicket } from "./route";
import { conversation, isMine, keep, known, lang, mode, now, ticket, words, writer } from "./store";

export function Panel({ open }: { open: Signal<boolean> }) {
  const t = words.value;
  const box = useRef<HTMLElement>(null);
  // Where it lies over the conversation it takes the focus; beside it, it is simply there.
  useEffect(() => {
    if (open.value) box.current?.querySelector("button")?.focus();
  }, [open.value]);
  const detail = known.value;
  if (!detail) return null;
  const current = ticket.value;
  return (
    <section class="panel" ref={box} tabIndex={0} aria-label={t.details} onKeyDown={(event) => event.key === "Escape" && open.value && close(event, open)}>
      <button type="button" class="tool panel-close" aria-label={t.closeDetails} onClick={() => (open.value = false)}>
        <Icon d={CLOSE} />
      </button>
      {current && <Why ticket={current} fields={detail.fields} />}
      <Customer customer={detail.customer} ticket={current} />
      <Playbook topic={current?.topic ?? ""} />
      <Suggested articles={detail.suggestions} />
      <Tried tried={detail.tried} />
      <Issues issues={detail.issues} />
      <Episodes episodes={detail.episodes.filter((one) => one.ticket.id !== current?.id)} />
      <History events={detail.history} />
    </section>
  );
}

function close(event: KeyboardEvent, open: Signal<boolean>): void {
  open.value = false;
  event.stopPropagation();
}

export function Part({ title, id, children }: { title: string; id: string; children: ComponentChildren }) {
  return (
    <section data-part={id}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Why({ ticket: open, fields }: { ticket: TicketView; fields: Record<string, string> }) {
  const t = words.value;
  const told = Object.entries(fields);
  return (
    <Part title={t.why} id="why">
      <p>{t.whyLong[open.reason]}</p>
      {open.subject && (
        <blockquote class="question" dir="auto">
          {open.subject}
        </blockquote>
      )}
      <dl>
        <Fact name={t.since}>
          {day(open.opened_at, lang.value)}, {clock(open.opened_at, lang.value)}
        </Fact>
        {open.promised_by && (
          <Fact name={t.promisedBy}>
            {moment(open.promised_by, lang.value)}
            {open.waiting_since && !open.claimed_at && now.value > Date.parse(open.promised_by) && <em class="late-word"> {t.promiseLate}</em>}
          </Fact>
        )}
        {open.rating && (
          <Fact name={t.rating}>
            {t.ratings[open.rating]}
            {open.rating_reason && ` · ${open.rating_reason}`}
          </Fact>
        )}
        {open.contact && <Fact name={t.contact}>{open.contact}</Fact>}
        {told.map(([name, value]) => (
          <Fact key={name} name={t.field[name] ?? name.replaceAll("_", " ")}>
            {value}
          </Fact>
        ))}
      </dl>
      {open.wish === "write" && <p class="badge wide">{t.writeLater}</p>}
    </Part>
  );
}

/** Kept fresh by the server with every word of the customer. */
function Suggested({ articles }: { articles: SuggestedArticle[] }) {
  const t = words.value;
  return (
    <Part title={t.suggested} id="suggested">
      {!articles.length && <p class="soft">{t.noSuggested}</p>}
      <ol class="articles">
        {articles.map((one) => (
          <li key={one.article}>
            <Link href={one.url}>{one.title}</Link>
            <p class="soft" dir="auto">
              {plain(one.text)}
            </p>
            {isMine.value && (
              <button type="button" class="plain-button" aria-label={`${t.insert}: ${one.title}`} onClick={() => insertArticle(one)}>
                {t.insert}
              </button>
            )}
          </li>
        ))}
      </ol>
    </Part>
  );
}

/** Into the reply, never into a note. */
export function insertArticle(article: SuggestedArticle): void {
  const { text } = article;
  mode.value = "reply";
  borrow(keep, conversation.value, article);
  requestAnimationFrame(() => writer.value?.insert(text));
}

function Tried({ tried }: { tried: TriedArticle[] }) {
  const t = words.value;
  return (
    <Part title={t.tried} id="tried">
      {!tried.length && <p class="soft">{t.noTried}</p>}
      <ol class="tried">
        {tried.map((hit) => (
          <li key={hit.article}>
            <Link href={hit.url}>{hit.title}</Link>
            <span class="score">
              <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                <rect width="100" height="6" />
                <rect class="filled" width={Math.round(Math.min(1, Math.max(0, hit.score)) * 100)} height="6" />
              </svg>
              {score(hit.score)}
            </span>
          </li>
        ))}
      </ol>
    </Part>
  );
}

function Episodes({ episodes }: { episodes: EpisodeView[] }) {
  const t = words.value;
  if (!episodes.length) return null;
  return (
    <Part title={t.episodes} id="episodes">
      <ul class="episodes">
        {episodes.map(({ ticket: one, messages }) => (
          <li key={one.id}>
            <a href={toTicket(one.id)} dir="auto">
              {one.subject || `№${one.number}`}
            </a>
            <small>
              №{one.number} · {day(one.opened_at, lang.value)} · {one.outcome ? t.outcome[one.outcome] : t.statusOf[one.status]} ·{" "}
              {plural(messages, lang.value, t.messages)}
            </small>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function History({ events }: { events: EventView[] }) {
  const t = words.value;
  if (!events.length) return null;
  return (
    <section data-part="history">
      <details>
        <summary>
          <h2>{t.history}</h2>
        </summary>
        <ol class="history">
          {events.map((one, at) => (
            <li key={at}>
              <time dateTime={one.at}>{clock(one.at, lang.value)}</time>
              <span>
                {one.actor_name && <b>{one.actor_name} </b>}
                {t.act[one.act] ?? one.act}
                {details(one) && <small> {details(one)}</small>}
              </span>
            </li>
          ))}
        </ol>
      </details>
    </section>
  );
}

/** Reasons, names and notes say something to people; ids do not. */
const details = ({ detail }: EventView): string =>
  Object.entries(detail)
    .filter(([key, value]) => value && !/(^|_)id$/.test(key) && !/^[0-9a-f-]{32,36}$/.test(value))
    .map(([, value]) => value)
    .join(" · ");

export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd dir="auto">{children}</dd>
    </>
  );
}
