import type { ComponentType } from "react";
import { Account } from "./pages/Account";
import { Admin } from "./pages/Admin";
import { Callback } from "./pages/Callback";
import { Home } from "./pages/Home";
import { NotFound } from "./pages/NotFound";
import { SignedIn } from "./parts/SignedIn";
import { Link } from "./routing/Link";
import { usePathname } from "./routing/location";
import type { Settings } from "./settings";

const PAGES: ReadonlyMap<string, ComponentType> = new Map([
  ["", Home],
  ["account", Account],
  ["admin", Admin],
]);

export function App({ settings }: { readonly settings: Settings }) {
  const pathname = usePathname();
  const isCallback = withoutSlash(pathname) === settings.callbackPath;
  const Shown = PAGES.get(beneath(settings.basePath, pathname)) ?? NotFound;
  return (
    <>
      <header>
        <nav aria-label="Pages">
          <Link to="">Home</Link>
          <Link to="account">Account</Link>
          <Link to="admin">Admin area</Link>
        </nav>
        {!isCallback && <SignedIn />}
      </header>
      <main key={pathname}>{isCallback ? <Callback settings={settings} /> : <Shown />}</main>
    </>
  );
}

function beneath(basePath: string, pathname: string): string {
  return withoutSlash(
    `${pathname}/`.startsWith(basePath) ? pathname.slice(basePath.length) : pathname,
  );
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/, "");
}
