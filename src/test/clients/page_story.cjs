// What a user with a browser does on the settings page; the rest of its story is in page_story.py.
// node page_story.cjs URL CHROMIUM [PICTURES], with puppeteer-core and axe-core where NODE_PATH says.

const assert = require('node:assert/strict');
const path = require('node:path');
const puppeteer = require('puppeteer-core');
const axe = require('axe-core');

const [root, chromium, pictures] = process.argv.slice(2);
const ADDRESS = 'alice@example.test';
const PAGE = `${root}/settings`;
const SHOWN = `${PAGE}?address=${encodeURIComponent(ADDRESS)}`;
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };
const SCHEMES = ['light', 'dark'];
const LANGUAGES = { en: 'Encryption', de: 'Verschlüsselung', fr: 'Chiffrement' };
// The narrowest that must do without scrolling sideways (WCAG 2.1, 1.4.10).
const NARROWEST = 320;

async function opened(browser) {
    const context = await browser.createBrowserContext();
    await context.overridePermissions(root, ['clipboard-read', 'clipboard-sanitized-write']);
    const page = await context.newPage();
    page.elsewhere = [];
    page.faults = [];
    page.on('request', request => {
        if (!request.url().startsWith(root + '/')) {
            page.elsewhere.push(request.url());
        }
    });
    page.on('pageerror', error => page.faults.push(String(error)));
    page.on('console', message => {
        if (['error', 'warn'].includes(message.type()) && !message.text().includes('status of 4')) {
            page.faults.push(message.text());
        }
    });
    return page;
}

async function closed(page) {
    assert.deepEqual(page.elsewhere, [], 'requests to other servers');
    assert.deepEqual(page.faults, [], 'faults in the console');
    await page.browserContext().close();
}

async function accessible(page, what) {
    await page.evaluate(axe.source);
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ['violations', 'incomplete'] }));
    const told = found.violations.map(it => `${it.id}: ${it.help}: ${it.nodes.map(n => n.html).join(' ')}`);
    assert.deepEqual(told, [], `axe on ${what}`);
    assert.ok(found.passes.length > 10, `axe has checked ${found.passes.length} rules of ${what}`);
}

async function fits(page, what) {
    const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= window, `${what} is ${wide} wide in a window of ${window}`);
}

async function everySizeAndScheme(browser) {
    for (const [size, viewport] of Object.entries(SIZES)) {
        for (const scheme of SCHEMES) {
            for (const [language, word] of Object.entries(LANGUAGES)) {
                const page = await opened(browser);
                await page.setViewport(viewport);
                await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
                await page.setExtraHTTPHeaders({ 'Accept-Language': language });
                for (const url of [PAGE, SHOWN, `${PAGE}?address=wrong`]) {
                    const what = `${url} on a ${size}, ${scheme}, ${language}`;
                    await page.goto(url);
                    await accessible(page, what);
                    await fits(page, what);
                    assert.equal(await page.$eval('html', it => it.lang), language);
                }
                await page.goto(SHOWN);
                assert.match(await page.$eval('main', it => it.textContent), new RegExp(word));
                // What is folded up is read, too.
                await page.$$eval('details', all => all.forEach(it => (it.open = true)));
                await accessible(page, `all of the page on a ${size}, ${scheme}, ${language}`);
                await fits(page, `all of the page on a ${size}`);
                if (pictures) {
                    const file = path.join(pictures, `${size}-${scheme}-${language}.png`);
                    await page.screenshot({ path: file, fullPage: true });
                }
                await closed(page);
            }
        }
    }
}

async function darkIsDark(browser) {
    const lightness = {};
    for (const scheme of SCHEMES) {
        const page = await opened(browser);
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        await page.goto(SHOWN);
        const picture = await page.screenshot({ encoding: 'base64', clip: { x: 2, y: 2, width: 1, height: 1 } });
        lightness[scheme] = await page.evaluate(async octets => {
            const image = new Image();
            image.src = `data:image/png;base64,${octets}`;
            const canvas = new OffscreenCanvas(1, 1).getContext('2d');
            const bytes = Uint8Array.from(atob(octets), c => c.charCodeAt(0));
            canvas.drawImage(await createImageBitmap(new Blob([bytes], { type: 'image/png' })), 0, 0);
            return canvas.getImageData(0, 0, 1, 1).data.slice(0, 3).reduce((a, b) => a + b) / 3;
        }, picture);
        await page.browserContext().close();
    }
    assert.ok(lightness.light > 200 && lightness.dark < 60, JSON.stringify(lightness));
}

async function narrow(browser) {
    const page = await opened(browser);
    await page.setViewport({ width: NARROWEST, height: 640 });
    await page.goto(SHOWN);
    await page.$$eval('details', all => all.forEach(it => (it.open = true)));
    await fits(page, 'the page');
    await closed(page);
}

async function copies(browser) {
    const page = await opened(browser);
    await page.goto(PAGE);
    await page.type('#address', ADDRESS);
    await Promise.all([page.waitForNavigation(), page.click('button[type=submit]')]);
    assert.equal(new URL(page.url()).searchParams.get('address'), ADDRESS);
    await page.bringToFront();
    const value = await page.$eval('[data-value]', it => it.textContent);
    await page.click('[data-value] + button');
    await page.waitForFunction(
        () => document.querySelector('[data-value] + button').textContent === document.body.dataset.copied);
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), value);
    await closed(page);
}

// The keyboard reaches all that can be used, and it is seen where it is.
async function keyboard(browser) {
    const page = await opened(browser);
    await page.goto(SHOWN);
    const wanted = await page.$$eval(
        'a[href], button, summary, input:not([type=hidden])',
        all => all.filter(it => it.checkVisibility()).map((it, n) => (it.dataset.number = String(n))));
    const reached = [];
    for (let n = 0; n < wanted.length; n++) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => {
            const it = document.activeElement;
            const style = getComputedStyle(it);
            return [it.dataset.number, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0];
        });
        assert.ok(at[1], `the focus on ${at[0]} is not seen`);
        reached.push(at[0]);
    }
    assert.deepEqual(reached, wanted);
    await closed(page);
}

async function withoutScript(browser) {
    const page = await opened(browser);
    await page.setJavaScriptEnabled(false);
    await page.goto(PAGE);
    await page.focus('#address');
    await page.keyboard.type(ADDRESS);
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    const html = await page.content();
    assert.match(html, /apple\.mobileconfig/);
    assert.match(html, new RegExp(`<bdi>${ADDRESS}</bdi>`));
    assert.doesNotMatch(html, /class="copy"/);
    await closed(page);
}

async function story() {
    const browser = await puppeteer.launch({
        executablePath: chromium,
        args: ['--no-sandbox', '--host-resolver-rules=MAP * 127.0.0.1', '--lang=en'],
    });
    try {
        await everySizeAndScheme(browser);
        await darkIsDark(browser);
        await narrow(browser);
        await copies(browser);
        await keyboard(browser);
        await withoutScript(browser);
    } finally {
        await browser.close();
    }
}

story().then(
    () => console.log('done'),
    failure => {
        console.error(failure);
        process.exit(1);
    });
