// The cards around a handover: why a person takes over, what waiting means, a way to be reached, the rating.
import { Component, type ComponentChildren, h } from "preact";
import { Words } from "../shared/blocks";
import { DOWN, Icon, PERSON } from "../shared/icons";
import type { Lang } from "../shared/wire";
import type { Chat } from "./chat";
import { choices } from "./choices";
import { pressed } from "./log";
import { Buttons, type RowProps } from "./row";

const EN = { handoff: "A person takes over", contact: "E-mail or phone number", leave: "Leave it", down: "To the newest message" };
const RU: typeof EN = { handoff: "Дальше поможет человек", contact: "Почта или телефон", leave: "Оставить", down: "К последнему сообщению" };
const WORDS = { ru: RU, en: EN };

const FACE = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9 10v.01M15 10v.01";
const SMILES = ["M8 17c2-3 6-3 8 0", "M8 15c2 1 6 1 8 0", "M7 14h10c-1 5-9 5-10 0Z"];

/** The row as a card, where it is more than words; undefined for all others. */
export function card(props: RowProps): ComponentChildren {
  const { row, lang } = props;
  switch (row.kind) {
    case "handoff":
      return (
        <div class="card handoff">
          <h2>
            <Icon d={PERSON} />
            {WORDS[lang].handoff}
          </h2>
          <Words row={row} />
        </div>
      );
    case "contact_request":
      return (
        <div class="card">
          <Words row={row} />
          {props.live && <Contact lang={lang} say={(text) => props.chat.say(text)} />}
        </div>
      );
    case "rating_request":
      return (
        <div class="card rate">
          <p class="ask">{row.text}</p>
          <Buttons {...props} face={(at) => <Icon d={FACE + (SMILES[at] ?? SMILES[1])} />} />
        </div>
      );
  }
}

/** Where the customer stands in the line, kept true by the server, and what they may still choose. */
export function Waiting({ chat }: { chat: Chat }) {
  const asked = chat.rows.list.findLast(({ kind, buttons }) => kind === "handoff" && buttons.length);
  return (
    <div class="waits">
      <p class="place" role="status">
        <i />
        {chat.holder.text}
      </p>
      {asked && (
        <Buttons
          row={{ ...asked, buttons: choices(asked, chat.rows.list) }}
          live
          pressed={pressed(asked, chat)}
          chat={chat}
        />
      )}
    </div>
  );
}

/** The way back to the end for who reads above. */
export function Down({ lang, go }: { lang: Lang; go(): void }) {
  return (
    <button type="button" class="down" aria-label={WORDS[lang].down} onClick={go}>
      <Icon d={DOWN} />
    </button>
  );
}

/** A field of its own for the contact, so that browsers can fill it in. */
export class Contact extends Component<{ lang: Lang; say(text: string): void }, { text: string }> {
  override state = { text: "" };

  private readonly leave = (event: Event): void => {
    event.preventDefault();
    const text = this.state.text.trim();
    if (text) this.props.say(text);
  };

  override render({ lang }: { lang: Lang; say(text: string): void }, { text }: { text: string }) {
    const words = WORDS[lang];
    return (
      <form class="contact" onSubmit={this.leave}>
        <input
          type="text"
          inputMode="email"
          autocomplete="email"
          aria-label={words.contact}
          placeholder={words.contact}
          value={text}
          onInput={(event) => this.setState({ text: event.currentTarget.value })}
        />
        <button disabled={!text.trim()}>{words.leave}</button>
      </form>
    );
  }
}
