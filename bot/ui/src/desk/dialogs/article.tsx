// Looking for an article and putting its short answer into the reply.
import { useSignal } from "@preact/signals";
import { h } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { SuggestedArticle } from "../../shared/wire";
import { textOf } from "../api";
import { plain } from "../format";
import { insertArticle } from "../panel";
import { api, conversation, dialog, known } from "../store";
import { Frame } from "./frame";
import { say } from "./words";

const PAUSE = 250;

export function ArticleSearch() {
  const t = say.value;
  const text = useSignal("");
  const found = useSignal<readonly SuggestedArticle[]>(known.value?.suggestions ?? []);
  const error = useSignal("");
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const asked = text.value.trim();
    if (!asked) {
      found.value = known.value?.suggestions ?? [];
      return;
    }
    const timer = setTimeout(async () => {
      try {
        const { articles } = await api.suggestions(conversation.value, asked);
        if (asked === text.value.trim()) found.value = articles;
        error.value = "";
      } catch (reason) {
        error.value = textOf(reason);
      }
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [text.value]);
  const take = (one: SuggestedArticle) => {
    dialog.value = null;
    insertArticle(one);
  };
  const walk = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter" && event.target instanceof HTMLInputElement && found.value[0]) take(found.value[0]);
    if (!step) return;
    event.preventDefault();
    const all = [...box.current!.querySelectorAll<HTMLElement>("input, .article-hit")];
    all[Math.min(all.length - 1, Math.max(0, all.indexOf(document.activeElement as HTMLElement) + step))]?.focus();
  };
  return (
    <Frame title={t.article} wide>
      <div class="search" ref={box} onKeyDown={walk}>
        <input type="text" role="searchbox" enterkeyhint="search" data-first aria-label={t.articleField} placeholder={t.articleField} value={text.value} maxLength={200} onInput={(event) => (text.value = event.currentTarget.value)} />
        {error.value && (
          <p class="alarm" role="alert">
            {error.value}
          </p>
        )}
        {!found.value.length && <p class="soft">{t.noArticle}</p>}
        <ul class="article-hits">
          {found.value.map((one) => (
            <li key={one.article}>
              <button type="button" class="article-hit" data-article={one.article} onClick={() => take(one)}>
                <b>{one.title}</b>
                <small dir="auto">{plain(one.text)}</small>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </Frame>
  );
}
