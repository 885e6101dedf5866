// The three columns: requests, the conversation, what is known about the customer. A phone shows one at a time.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { Conversation } from "./conversation";
import type { Desk } from "./desk";
import { Panel } from "./panel";
import { Queue } from "./queue";
import { SignIn } from "./signin";
import { news, outdated, selected, session, status, words } from "./store";

export function Shell({ desk }: { desk: Desk }) {
  const panel = useSignal(false);
  if (session.value === undefined) return <p class="loading">{words.value.loading}</p>;
  if (session.value === null) return <SignIn desk={desk} />;
  return (
    <>
      <Banner />
      <main class={`desk ${selected.value ? "reading" : ""} ${panel.value ? "informed" : ""}`}>
        <Queue desk={desk} />
        <Conversation key={selected.value} desk={desk} panel={panel} />
        {selected.value && <Panel key={`panel-${selected.value}`} open={panel} />}
      </main>
      <p class="hidden" aria-live="polite">
        {news.value && `${words.value.newRequest}: ${news.value}`}
      </p>
    </>
  );
}

function Banner() {
  if (outdated.value)
    return (
      <p class="banner" role="status">
        {words.value.outdated}
        <button type="button" class="plain-button" onClick={() => location.reload()}>
          {words.value.reload}
        </button>
      </p>
    );
  return status.value === "offline" ? (
    <p class="banner" role="status">
      {words.value.offline}
    </p>
  ) : null;
}
