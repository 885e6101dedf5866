// The columns: views, requests, the conversation, what is known of the customer. A phone shows one at a time.
import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { useEffect } from "preact/hooks";
import { over, dropped } from "./attachments";
import { Conversation } from "./conversation";
import type { Desk } from "./desk";
import { Inbox, Skeleton } from "./inbox";
import { Lazy } from "./lazy";
import { Panel } from "./panel";
import { Rail } from "./rail";
import { SignIn } from "./signin";
import { conversation, dialog, isMine, may, news, outdated, panelOpen, place, selected, session, status, words } from "./store";
import { Toasts } from "./toasts";

const lead = () => import("./lead/main").then(({ Lead }) => Lead);
const dialogs = () => import("./dialogs/main").then(({ Dialogs }) => Dialogs);

export function Shell({ desk }: { desk: Desk }) {
  if (session.value === undefined) return <p class="loading">{words.value.loading}</p>;
  if (session.value === null) return <SignIn desk={desk} />;
  // Who may not see conversations has come for the articles and ready answers.
  const leading = place.value.kind === "lead" || !may("see_desk");
  return (
    <>
      <Banner />
      {leading ? (
        <main class="desk leading">
          <Rail desk={desk} />
          <Lazy load={lead} props={{ screen: place.value.kind === "lead" ? place.value.id : "" }} wait={<Skeleton />} />
        </main>
      ) : (
        <Columns desk={desk} />
      )}
      <Toasts desk={desk} />
      {dialog.value && <Lazy load={dialogs} props={{ desk, name: dialog.value }} wait={null} />}
      <p class="hidden" role="status">
        {news.value}
      </p>
    </>
  );
}

function Columns({ desk }: { desk: Desk }) {
  const dragged = useSignal(false);
  useEffect(() => {
    panelOpen.value = false;
  }, [selected.value]);
  return (
    <main
      class={`desk ${selected.value ? "reading" : ""} ${panelOpen.value ? "informed" : ""} ${dragged.value ? "dragged" : ""}`}
      onDragOver={(event) => (dragged.value = over(event))}
      onDragLeave={() => (dragged.value = false)}
      onDrop={(event) => {
        dragged.value = false;
        dropped(event, conversation.value);
      }}
    >
      <Rail desk={desk} />
      <Inbox desk={desk} />
      <Conversation desk={desk} panel={panelOpen} />
      {selected.value && <Panel key={selected.value} open={panelOpen} />}
      {dragged.value && isMine.value && <p class="drop-here">{words.value.dropHere}</p>}
    </main>
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
    <p class="banner" role="status" data-banner="offline">
      {words.value.offline}
    </p>
  ) : null;
}
