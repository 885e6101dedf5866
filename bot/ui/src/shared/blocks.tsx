// Draws the blocks that the server made of a text. Elements only, never markup in a string.
import { type ComponentChildren, Fragment, h } from "preact";
import type { Block, Inline } from "./wire";

/** The server has cleaned the links already; a second look costs one line. */
const SAFE = /^(https?:|mailto:|tel:|\/(?!\/))/i;

export function Link({ href, children, ...rest }: { href: string; class?: string; children: ComponentChildren }) {
  return SAFE.test(href) ? (
    <a href={href} target="_blank" rel="noopener noreferrer" {...rest}>
      {children}
    </a>
  ) : (
    <>{children}</>
  );
}

function Run({ run }: { run: Inline }): ComponentChildren {
  const inner = run.c ? <Runs runs={run.c} /> : run.v;
  switch (run.t) {
    case "b":
      return <b>{inner}</b>;
    case "i":
      return <i>{inner}</i>;
    case "code":
      return <code>{inner}</code>;
    case "br":
      return <br />;
    case "a":
      return <Link href={run.href ?? ""}>{inner}</Link>;
    default:
      return inner;
  }
}

function Runs({ runs }: { runs: Inline[] | null | undefined }) {
  return <>{runs?.map((run) => <Run run={run} />)}</>;
}

function Piece({ block }: { block: Block }): ComponentChildren {
  const items = block.items?.map((item) => (
    <li>
      <Blocks blocks={item} />
    </li>
  ));
  switch (block.t) {
    case "ul":
      return <ul>{items}</ul>;
    case "ol":
      return <ol>{items}</ol>;
    case "code":
      return <pre tabIndex={0}>{block.v}</pre>;
    case "quote":
      return (
        <blockquote>
          <Blocks blocks={block.blocks ?? []} />
        </blockquote>
      );
    default:
      return (
        <p class={block.t === "h" ? "heading" : undefined}>
          <Runs runs={block.c} />
        </p>
      );
  }
}

export function Blocks({ blocks }: { blocks: Block[] }) {
  return (
    <>
      {blocks.map((block) => (
        <Piece block={block} />
      ))}
    </>
  );
}

/** The words of a row: its blocks where it has them, else plain text exactly as it was typed. */
export function Words({ row }: { row: { text: string; blocks?: Block[] | null } }) {
  return row.blocks ? <Blocks blocks={row.blocks} /> : <p class="plain">{row.text}</p>;
}
