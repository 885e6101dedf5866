// Search over transcripts, customers, tags and numbers; arrows walk through what was found, Enter opens it.
import { useSignal } from "@preact/signals";
import { h } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { plural } from "../format";
import { Skeleton } from "../inbox";
import { Pages } from "../pages";
import { PageRow } from "../row";
import { api, dialog, lang, words } from "../store";
import { Frame } from "./frame";
import { say } from "./words";

const PAUSE = 200;

/** "#tag" anywhere narrows to that tag; "#124" is a request's number. */
function parse(text: string): { q: string; tag: string } {
  const tag = /(?:^|\s)#(\S*\D\S*)/.exec(text);
  return { q: text.replace(tag?.[0] ?? "", " ").trim(), tag: tag?.[1] ?? "" };
}

export function Search() {
  const t = say.value;
  const pages = useMemo(() => new Pages(api), []);
  const text = useSignal("");
  const asked = useSignal("");
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => {
      const { q, tag } = parse(text.value);
      asked.value = text.value.trim();
      if (asked.value) void pages.open("all", q, tag);
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [text.value]);
  const walk = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" && event.target instanceof HTMLInputElement) links()[0]?.click();
    if (!step) return;
    event.preventDefault();
    const all = [box.current!.querySelector("input")!, ...links()];
    all[Math.min(all.length - 1, Math.max(0, all.indexOf(document.activeElement as HTMLElement) + step))]?.focus();
  };
  const links = () => [...box.current!.querySelectorAll<HTMLElement>("[data-row]")];
  return (
    <Frame title={t.search} wide>
      <div class="search" ref={box} onKeyDown={walk}>
        <input
          type="text" role="searchbox" enterkeyhint="search"
          data-first
          aria-label={t.searchField}
          placeholder={t.searchField}
          value={text.value}
          maxLength={200}
          onInput={(event) => (text.value = event.currentTarget.value)}
        />
        <Results pages={pages} asked={asked.value} />
      </div>
    </Frame>
  );
}

function Results({ pages, asked }: { pages: Pages; asked: string }) {
  const t = say.value;
  if (!asked) return <p class="soft">{t.searchHint}</p>;
  if (pages.state.value === "loading") return <Skeleton />;
  if (pages.state.value === "failed")
    return (
      <p class="alarm" role="alert">
        {pages.error.value}
      </p>
    );
  if (!pages.rows.value.length)
    return (
      <div class="nobody" role="status">
        <b>{t.nothing}</b>
        <p>{t.nothingHint}</p>
      </div>
    );
  return (
    <div class="found-list" onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => scrollHeight - scrollTop - clientHeight < 300 && void pages.more()}>
      <p class="soft" role="status" data-found={pages.total.value}>
        {plural(pages.total.value, lang.value, t.found)}
      </p>
      <ul aria-label={words.value.requests}>
        {pages.rows.value.map((row) => (
          <li key={row.conversation + (row.ticket?.id ?? "")}>
            <PageRow row={row} current={false} onOpen={() => (dialog.value = null)} />
          </li>
        ))}
      </ul>
    </div>
  );
}
