// Requests offered to this operator, over every list, with the seconds that are left to take them.
import { h } from "preact";
import type { Desk } from "./desk";
import { waited } from "./format";
import { Priority } from "./marks";
import { go, toTicket } from "./route";
import { list, me, now, words } from "./store";

export function Offers({ desk }: { desk: Desk }) {
  const t = words.value;
  const running = (until: string | null) => !until || Date.parse(until) > now.value;
  const mine = list("mine").filter((one) => one.status === "offered" && one.offered_to === me.value && running(one.offer_until));
  if (!mine.length) return null;
  const accept = async (id: string) => {
    if (!(await desk.acts.claim(id))) go(toTicket(id));
  };
  return (
    <div class="offers" role="group" aria-label={t.offer}>
      {mine.map((one) => (
        <div class="offer" key={one.id} data-offer={one.id}>
          <p class="offer-head">
            <Priority priority={one.priority} />
            <b>{t.offer}</b>
            <span class="offer-left">{one.offer_until && waited(Date.parse(one.offer_until) - now.value, t)}</span>
          </p>
          <a href={toTicket(one.id)} dir="auto">
            {one.customer_name || t.guest}: {one.last_text || one.subject}
          </a>
          <div class="offer-acts">
            <button type="button" class="button primary" onClick={() => void accept(one.id)}>
              {t.accept}
            </button>
            <button type="button" class="button" onClick={() => void desk.acts.decline(one.id)}>
              {t.decline}
            </button>
          </div>
        </div>
      ))}
    </div>
  );
}
