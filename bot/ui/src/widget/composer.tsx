// Where the customer writes: Enter sends, Shift+Enter breaks the line, nothing typed is ever lost.
import { Component, createRef, h } from "preact";
import { CLIP, Icon, SEND } from "../shared/icons";
import type { Keep } from "../shared/keep";
import { SEND_MESSAGE_TEXT_MAX } from "../shared/wire";
import type { Chat } from "./chat";
import { WORDS } from "./words";

/** The counter appears when so few characters are left. */
const NEAR_END = 200;

interface ComposerProps {
  chat: Chat;
  keep: Keep;
  /** Preact 11 hands `ref` of a component over as a property: whoever wants the composer is told. */
  mounted(composer: Composer): void;
}

export class Composer extends Component<ComposerProps, { text: string }> {
  override state = { text: this.props.keep.get("draft") ?? "" };
  private readonly box = createRef<HTMLTextAreaElement>();
  private clock: ReturnType<typeof setTimeout> | undefined;

  focus(): void {
    this.box.current?.focus();
  }

  /** Puts words back; false when others are there already. */
  restore(text: string): boolean {
    if (this.state.text.trim()) return false;
    this.write(text);
    return true;
  }

  override componentDidMount(): void {
    this.props.mounted(this);
    this.fit();
    // The whole window takes what is dropped or pasted.
    for (const type of ["drop", "paste", "dragover"] as const) addEventListener(type, this.attach);
  }

  /** A click on the clip, or files that came by hand. */
  private readonly attach = (event: Event): void => {
    const { type, clipboardData, dataTransfer } = event as DragEvent & ClipboardEvent;
    const files = [...((clipboardData ?? dataTransfer)?.files ?? [])];
    if (type !== "paste" || files.length) event.preventDefault();
    if (type === "click") this.props.chat.need((extra) => extra.pick(this.props.chat));
    else if (files.length) this.props.chat.need((extra) => extra.add(this.props.chat, files));
  };

  override componentDidUpdate(): void {
    this.fit();
    // Seconds are counted down only while there is something to wait for.
    clearTimeout(this.clock);
    const rest = (this.props.chat.notice?.until ?? 0) - Date.now();
    if (rest > 0) this.clock = setTimeout(this.tick, (rest % 1000) + 9);
  }

  /** The wait is over: so is the notice about it. */
  private readonly tick = (): void => {
    if (this.wait() <= 0) this.props.chat.notice = null;
    this.forceUpdate();
  };

  private wait(): number {
    return Math.ceil(((this.props.chat.notice?.until ?? 0) - Date.now()) / 1000);
  }

  private fit(): void {
    const box = this.box.current!;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  }

  private write(text: string): void {
    this.setState({ text });
    if (text) this.props.keep.set("draft", text);
    else this.props.keep.drop("draft");
  }

  private readonly typed = (event: Event): void => {
    const { value } = event.target as HTMLTextAreaElement;
    this.write(value);
    this.props.chat.types(value);
  };

  private readonly send = (event?: Event): void => {
    event?.preventDefault();
    const text = this.state.text.trim();
    if (this.blocked(text)) return;
    this.write("");
    this.props.chat.say(text);
    this.focus();
  };

  private blocked(text: string): boolean {
    const { files, uploading } = this.props.chat;
    return (!text && !files.length) || uploading > 0 || text.length > SEND_MESSAGE_TEXT_MAX || this.wait() > 0;
  }

  private readonly key = (event: KeyboardEvent): void => {
    // 229: Safari ends an IME composition before the Enter that chose the word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    this.send(event);
  };

  override render({ chat }: ComposerProps, { text }: { text: string }) {
    const words = WORDS[chat.lang];
    const left = SEND_MESSAGE_TEXT_MAX - text.trim().length;
    const wait = this.wait();
    const { notice } = chat;
    return (
      <form onSubmit={this.send}>
        {notice && (
          <p class="notice" role="alert">
            {notice.text}{" "}
            {wait > 0 && <b aria-hidden="true">{wait}</b>}
          </p>
        )}
        {chat.extra && <chat.extra.Tray chat={chat} />}
        <div class="field">
          <button type="button" class="tool" aria-label={words.attach} onClick={this.attach}>
            <Icon d={CLIP} />
          </button>
          <textarea
            ref={this.box}
            rows={1}
            value={text}
            dir="auto"
            aria-label={words.write}
            placeholder={words.write}
            enterkeyhint="send"
            onFocus={() => chat.need()}
            onInput={this.typed}
            onKeyDown={this.key}
          />
          <button class="send" aria-label={words.send} disabled={this.blocked(text.trim())}>
            <Icon d={SEND} />
          </button>
        </div>
        {left < NEAR_END && chat.extra && <chat.extra.Count left={left} of={SEND_MESSAGE_TEXT_MAX} />}
      </form>
    );
  }
}
