// The right column: why a person was called, who the customer is, what was told to the bot and what it tried.
import type { Signal } from "@preact/signals";
import { type ComponentChildren, Fragment, h } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Link } from "../shared/blocks";
import { CLOSE, Icon, OUT } from "../shared/icons";
import { clock, day } from "../shared/time";
import type { CustomerView, TicketView, TriedArticle } from "../shared/wire";
import { score } from "./format";
import { detail, lang, ticket, words } from "./store";

export function Panel({ open }: { open: Signal<boolean> }) {
  const t = words.value;
  const box = useRef<HTMLElement>(null);
  // Where it lies over the conversation it takes the focus; beside it, it is simply there.
  useEffect(() => {
    if (open.value) box.current?.querySelector("button")?.focus();
  }, [open.value]);
  const known = detail.value;
  const now = ticket.value;
  if (!known || known === "gone" || !now) return null;
  return (
    <section class="panel" ref={box} aria-label={t.details} onKeyDown={(event) => event.key === "Escape" && (open.value = false)}>
      <button type="button" class="tool panel-close" aria-label={t.closeDetails} onClick={() => (open.value = false)}>
        <Icon d={CLOSE} />
      </button>
      <Why ticket={now} />
      <Customer ticket={now} customer={known.customer} />
      <Told fields={known.customer.fields} />
      <Tried tried={known.tried} />
    </section>
  );
}

function Why({ ticket: { reason, subject } }: { ticket: TicketView }) {
  const t = words.value;
  return (
    <section>
      <h2>{t.why}</h2>
      <p>{t.whyLong[reason]}</p>
      {subject && (
        <blockquote class="question" dir="auto">
          {subject}
        </blockquote>
      )}
    </section>
  );
}

function Customer({ ticket: { opened_at }, customer }: { ticket: TicketView; customer: CustomerView }) {
  const t = words.value;
  const { name, channel, lang: spoken, page_url, page_title } = customer;
  return (
    <section>
      <h2>{t.customer}</h2>
      <dl>
        <Fact name={t.name}>{name || t.guest}</Fact>
        <Fact name={t.spoken}>{t.chooseLang[spoken]}</Fact>
        <Fact name={t.channel}>{channel === "telegram" ? t.telegram : t.site}</Fact>
        <Fact name={t.since}>
          {day(opened_at, lang.value)}, {clock(opened_at, lang.value)}
        </Fact>
        {page_url && (
          <Fact name={t.page}>
            <Link href={page_url}>
              {page_title || page_url}
              <Icon d={OUT} />
            </Link>
          </Fact>
        )}
      </dl>
    </section>
  );
}

function Told({ fields }: { fields: Record<string, string> }) {
  const all = Object.entries(fields);
  if (!all.length) return null;
  const t = words.value;
  return (
    <section>
      <h2>{t.collected}</h2>
      <dl>
        {all.map(([name, value]) => (
          <Fact key={name} name={t.field[name] ?? name.replaceAll("_", " ")}>
            {value}
          </Fact>
        ))}
      </dl>
    </section>
  );
}

function Tried({ tried }: { tried: TriedArticle[] }) {
  const t = words.value;
  return (
    <section>
      <h2>{t.tried}</h2>
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
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd dir="auto">{children}</dd>
    </>
  );
}
