// The first column: views with their counters, search, the lead's door, and who I am.
import { Fragment, h } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon, Mark } from "../shared/icons";
import type { Desk } from "./desk";
import { initials } from "./format";
import { GEAR, SEARCH, VIEW_ICON } from "./icons";
import { MeMenu } from "./me";
import { toView } from "./route";
import { agent, count, dialog, may, place, presence, session, status, view, welcomed, words } from "./store";
import { VIEWS } from "./views";

/** Whoever has one of these has something to do behind the lead's door. */
const LEADS = ["assign", "manage_team", "edit_canned", "see_audit", "manage_operators", "manage_installation"];

export function Rail({ desk }: { desk: Desk }) {
  const t = words.value;
  const leading = place.value.kind === "lead" || !may("see_desk");
  const list = useRef<HTMLUListElement>(null);
  // On a phone the views are a strip: the chosen one is brought into it.
  useEffect(() => list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }), [view.value]);
  return (
    <nav class="rail" aria-label={t.views}>
      <a class="brand" href="#/">
        <Mark />
        <b>Zeroline</b>
        <i class={`line-dot ${status.value}`} data-line={status.value} />
      </a>
      {may("see_desk") && (
        <button type="button" class="rail-search" aria-keyshortcuts="Control+K" onClick={() => (dialog.value = "search")}>
          <Icon d={SEARCH} />
          <span>{t.search}</span>
          <kbd aria-hidden="true">Ctrl K</kbd>
        </button>
      )}
      {may("see_desk") && (
        <ul class="views" ref={list}>
          {VIEWS.map((one, at) => (
            <li key={one}>
              <a href={toView(one)} data-view={one} aria-current={!leading && view.value === one ? "page" : undefined} aria-keyshortcuts={`${at + 1}`}>
                <Icon d={VIEW_ICON[one]} />
                <span class="view-name">{t.view[one]}</span>
                <span class="view-count" data-counter={one}>
                  {welcomed.value && count(one)}
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
      <div class="rail-foot">
        {LEADS.some(may) && (
          <a class="lead-door" href="#/lead/team" aria-current={leading ? "page" : undefined}>
            <Icon d={GEAR} />
            <span>{t.manage}</span>
          </a>
        )}
        <MeMenu desk={desk}>
          <Face />
        </MeMenu>
      </div>
    </nav>
  );
}

function Face() {
  const name = session.value?.operator.name ?? "";
  return (
    <>
      <span class="face me-face">
        <span aria-hidden="true">{initials(name)}</span>
        {may("answer") && <i class={`presence ${presence.value}`} />}
      </span>
      <span class="me-name">
        <b>{name}</b>
        <small>
          {may("answer") && words.value.presence[presence.value]}
          {may("answer") && agent.value && ` · ${agent.value.load}/${agent.value.cap}`}
        </small>
      </span>
    </>
  );
}
