"""Reference values of sentences, by pycocoevalcap 1.2 and snowballstemmer; see README.md."""

import json
import random
import subprocess

import pycocoevalcap
from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.rouge.rouge import Rouge
from pycocoevalcap.tokenizer.ptbtokenizer import PTBTokenizer
from snowballstemmer.english_stemmer import EnglishStemmer

PACKAGE = list(pycocoevalcap.__path__)[0]

LINES = """I'm sure they're here; we've seen it, he'll go and she'd stay.
The dogs' bowls, James's guitar and the children's drum aren't there.
Don't, didn't, can't, won't, cannot, gimme, gonna, gotta, 'tis, 'em, y'all.
A well-known man-made two-tone 3-year-old T-shirt.
One, two & three: left-to-right (or right-to-left)?
Wait... what?! No!! Yes??
It weighs 70kg, costs $5.99 or 20% off, size 10x15, 1,000 people, 3.14 at -5 or +5.
Dr. Lee, Mrs. Wu, Jr. and so on, etc. are at St. John's Rd. today.
It stops at 5 p.m. The dog barks in the U.S. now and in the U.S. Army.
On Main Ave. they met in Jan. The bus No. 5 left. No. Never.
Visit www.example.com or http://a.example/b?c=d. Mail a@b.example, ask @user about #tag.
A black/white and/or cat_and_dog image of AT&T and R&B but not a&b.
"Quoted text" and 'single quoted' and “curly” ‘words’.
The [bracket] {brace} (paren) <tag> test :-) is <3.
The woman — in red – is singing -- loudly - now.
naïve café résumé, мама and 日本語
½ cup, 10°C, £5, €6
hello,world.This is.a test;really
rock 'n' roll at nine o'clock, ma'am, says O'Brien of the '90s 'til late
it’s the dog’s bone, isn’t it
half-eaten., and e.g. i.e. vs. the 3/4 of it
😀 the dog 😀 barks
plan B and 10:30 am
## tag *** bold ** @@ user __ << a >> ----- b and a--b
“‘Hello,’” she said; ‘“Hi!”’ «‹Salut›» ““quotes””
He'd've said y'all're goin' 'round c'mon, li'l nat'l nor'easter e'er ev'ry s'mores cont'd.
rock’n’roll, ROCK'N'ROLL, ’em, ’tis, ’90s, the summer of '95 was, ma’am, O’Brien, l’amour, ol’ friend
don‘t and don`t, O`Brien and d‘accord
It measures 1 1/2 cups, 15-1/2 inches, 1⁄2 spoon, 5 1/2-inch, 3 12/03/2020
Call (555) 123-4567 or 555 123 4567 or +1-555-123-4567; about 10 000 000 people in 1990 2000
^_^ -_- (^_^) (x_x) (^-^) :-) ;D =) <3 o_O
See op. 5, Op. 5, pp. 20, fig. 1, Fig. A, figs. 3, ca. 1990, ca. five, prop. 8, art. 5, sq. 5, No.5
MISS. 5 miss. 5 Miss. 5 TEX. A tex. 5 ILL. 5 ill. 5
The letters P. THE, p. THE, P. tHE, p. the, X. I
U.S.-based, e.g.-like, in.-b, 20%-off, Mr.-x
foo.com/ foo.com/a, abc.com/x/y?z=1. www.a1-b.de HTTP://AB.C/D http://a http://x{y}z a*b.com “a.com” €.com
<a b> <a href="x"> <br /> <!-- note --> <?xml?> <1> <a b=c> </a >
&amp; &AMP; &quot; &QUOT; &lt; x&nbsp;y &mdash; &#8217; & co
ᲥᲐᲠᲗᲣᲚᲘ ქართული ΟΔΟΣ ΣΑΣ Σ İstanbul ǅ ﬁ é ֑ ٣ 24/7 ١٢٣
שלום, עולם! הכלב נובח. الكلب ينبح، والرجل يعزف؟ कुत्ता। 中文，句子。 ไทย 한국어 ♪ ♫ ★ 👨‍👩‍👧 ❤️ 𝐀
The　dog　of　example.com　barks, the cat too
plan B.
The dog, plan b.
<The> cat, plan C. <the> x <the>x, plan D. Mr Lee of plan E. Mr. Lee sees no.
5 dogs and No. 5 and no.

 5 cats, see fig.
1/2 cup, see op. cit. etc. É etc.  two etc. <b> etc.A etc.Ab Jan.A mass.A Mass.A
Ms. X of Inc.
\\* \\/ a\\*b |x| {y} ~z~ §1 ©2 ™ ¢5 5¢ ¥300 ₹5 A$5 US$5""".split("\n")

ODD_PAIRS = [
    ("The man is playing the cello.", ["The man is playing the cello."]),
    ("", ["The dog is barking."]),
    ("the the the the", ["The dog is barking."]),
    ("dog", ["dog"]),
    ("A train is whistling!", ["A train's whistle (loud) isn't far.", "The train is whistling."]),
    ("The blue-green bus can't stop at 10:30 a.m.", ["The bus cannot stop at 10:30 a.m. on Main St."]),
    ("Add 1 1/2 cups, call (555) 123-4567!", ["Add 1 1/2 cups; call 555-1234.", "Call me."]),
    ("שלום, הכלב נובח. עִבְרִית", ["הכלב נובח 😀", "The dog barks."]),
    ("The café's naïve man e\u0301 plays rock’n’roll…", ["The cafe's man é plays rock'n'roll."]),
    ("“‘Hi,’” said Dr. Lee of the U.S.-based choir at 5 p.m.", ["Dr. Lee sings: 'Hi!'", "Lee hums"]),
    ("www.example.com, foo.com/a and @user #tag ** & co.", ["See www.example.com & @user."]),
    ("", ["", "A dog."]),
    ("😀", ["😀", "🐶"]),
    ("The kid is speaking in front of a vehicle.", ["The child is talking before a car.", "A car."]),
    ("A lot of people are taking part in the race.", ["Many people participate in the race."]),
    ("There are quite a few kids at the moment.", ["At present there are several children."]),
    ("It is not possible to make use of it.", ["One cannot use it.", "Using it is impossible."]),
    ("The automobiles began to move forward rapidly", ["the car starts to go ahead quickly"]),
    ("Two men are playing ukuleles.", ["The two men are playing the ukulele and singing together."]),
]

FUNCTION = "the a of and in on is with by for from".split()
CONTENT = """man woman boy girl dog dogs cat cats bird car automobile train violin violins cello piano
flute playing plays played singing barking barks purring ringing driving starting walking red blue
black small big large loud left right child children""".split()


def sentence(generator):
    pattern = generator.choice(["f c f c c", "f c c f c f f c", "f c c", "f c f c c f f c c", "c c"])
    words = [generator.choice(FUNCTION if kind == "f" else CONTENT) for kind in pattern.split()]
    return " ".join(words).capitalize() + "."


def pairs():
    generator = random.Random(2603)
    result = list(ODD_PAIRS)
    for _ in range(40):
        references = [sentence(generator) for _ in range(generator.choice([1, 1, 2, 3]))]
        words = references[0].lower().strip(".").split()
        for _ in range(generator.randrange(4)):
            words[generator.randrange(len(words))] = generator.choice(FUNCTION + CONTENT)
        if generator.random() < 0.4:
            generator.shuffle(words)
        result.append((" ".join(words), references))
    return result


def meteor(hypotheses, references, *options):
    command = ["java", "-jar", "-Xmx2G", "meteor-1.5.jar", "-", "-", "-stdio", "-l", "en", "-norm",
               *options]

    def run(lines):
        result = subprocess.run(command, cwd=PACKAGE + "/meteor", input="\n".join(lines) + "\n",
                                capture_output=True, text=True, check=True)
        return [line for line in result.stdout.split("\n") if line.strip()]

    counts = run(["SCORE ||| " + " ||| ".join(r) + " ||| " + h for h, r in zip(hypotheses, references)])
    scores = [float(line) for line in run(["EVAL ||| " + " ||| ".join(counts)])]
    return scores[:-1], scores[-1]


def captions():
    data = pairs()
    tokenizer = PTBTokenizer()
    truth = tokenizer.tokenize({i: [{"caption": c} for c in r] for i, (_, r) in enumerate(data)})
    guess = tokenizer.tokenize({i: [{"caption": h}] for i, (h, _) in enumerate(data)})
    bleu, bleus = Bleu(4).compute_score(truth, guess, verbose=0)
    rouge, rouges = Rouge().compute_score(truth, guess)
    cider, ciders = Cider().compute_score(truth, guess)
    plain = list(range(len(ODD_PAIRS), len(data)))
    hypotheses, references = [guess[i][0] for i in plain], [truth[i] for i in plain]
    stem, stem_all = meteor(hypotheses, references, "-m", "exact stem", "-w", "1.0 0.6")
    synonym, synonym_all = meteor(hypotheses, references, "-m", "exact stem synonym",
                                  "-w", "1.0 0.6 0.8")
    whole, whole_all = meteor([guess[i][0] for i in range(len(data))],
                              [truth[i] for i in range(len(data))])
    cases = [{"hypothesis": h, "references": r, "words": guess[i][0], "referenceWords": truth[i],
              "bleu": [b[i] for b in bleus], "rougeL": float(rouges[i]), "cider": float(ciders[i]),
              "meteor": whole[i]}
             for i, (h, r) in enumerate(data)]
    for place, i in enumerate(plain):
        cases[i]["meteorStem"] = stem[place]
        cases[i]["meteorSynonym"] = synonym[place]
    return {"cases": cases, "bleu": bleu, "rougeL": float(rouge), "cider": float(cider),
            "meteor": whole_all, "meteorStem": stem_all, "meteorSynonym": synonym_all}


# What the tokenizer ends otherwise beside other sentences, and what it looks for there.
ENDS = ["plan B.", "plan b.", "No.", "see Fig.", "pp. ", "(B.", "B. ", "I.", "U.S.", "etc.", "5 p.m.", "Dr.",
        "etc.A", "a dog.", "a dog", "B.\"", "éÉ.", "😀", "כלב נובח."]
STARTS = ["The dog", "the dog", "A", "A man", "In", "You", "Mr. Lee", "Mr Lee", "Ms. X", "5 dogs", "5", "<The> dog",
          "<b>x", "Now, a", "Now a", " So the", "Zoo", "", " ", "They", "This is", "É", "هل"]


WORDS = """a the dog cat man woman playing barking guitar violin loudly on stage in street running sings red big two
children piano drum and with is are""".split()
ODD_WORDS = """😀 🎸🎻 שלום عالم مرحبا 日本語 naïve café “quoted” 'tis don't won't dogs' it's o'clock rock-n-roll well-known
20% $5.99 1,000 3.14 1/2 ½ 10:30 U.S. p.m. Mr. No. B. ... … — – -- (a) [b] {c} <tag> & &amp; @user #tag http://a.b/c?d=e
a@b.co C++ x_y 70kg 10x15 '90s '' `` " ?! !! ; : / and/or e.g. i.e. St. gonna cannot Å ß I İ ﬁ ² ° €5 £7""".split()
ODD_WORDS += ["cafe\u0301", "\u200f", "\u200d", "\t", "  "]


def odd_caption(generator):
    """From nothing at all to hundreds of words, of any script and mark."""
    kind = generator.random()
    if kind < 0.03:
        return ""
    count = generator.randint(60, 200) if kind < 0.04 else generator.randint(1, 14)
    text = " ".join(generator.choice(ODD_WORDS if generator.random() < 0.3 else WORDS) for _ in range(count))
    if generator.random() < 0.5:
        text = text[:1].upper() + text[1:]
    return text + generator.choice(["", ".", ".", ".", "!", "?", " .", ".."])


def corpora():
    """Documents of sentences that belong together, the hypotheses in an order of their own."""
    generator = random.Random(2605)
    result = []
    for count in [3, 40, 150]:
        def line():
            start, end = generator.choice(STARTS), generator.choice(ENDS)
            return generator.choice([f"{start} plays {end}", f"{start} {end}", start, end, f"{end} {start}"])

        result.append(corpus(generator, count, line))
    generator = random.Random(2611)
    return result + [corpus(generator, 120, lambda: odd_caption(generator))]


def corpus(generator, count, line):
    tokenizer = PTBTokenizer()
    ids = [str(number) for number in range(count)]
    generator.shuffle(ids)
    references = {i: [line() for _ in range(generator.choice([1, 1, 2, 3]))] for i in ids}
    generator.shuffle(ids)
    hypotheses = {i: generator.choice([line(), *references[i]]) for i in ids}
    truth = tokenizer.tokenize({i: [{"caption": c} for c in r] for i, r in references.items()})
    guess = tokenizer.tokenize({i: [{"caption": h}] for i, h in hypotheses.items()})
    guess = {i: guess[i] for i in truth}
    bleu, bleus = Bleu(4).compute_score(truth, guess, verbose=0)
    rouge, rouges = Rouge().compute_score(truth, guess)
    cider, ciders = Cider().compute_score(truth, guess)
    meteors, meteor_all = meteor([guess[i][0] for i in truth], list(truth.values()))
    return {
        "document": json.dumps({"references": references, "hypotheses": hypotheses}, ensure_ascii=count == 40),
        "bleu": bleu, "rougeL": float(rouge), "cider": float(cider), "meteor": meteor_all,
        "ids": {i: {"bleu": [b[n] for b in bleus], "rougeL": float(rouges[n]), "cider": float(ciders[n]),
                    "meteor": meteors[n]}
                for n, i in enumerate(truth)}}


def tokens():
    command = ["java", "-cp", "stanford-corenlp-3.4.1.jar",
               "edu.stanford.nlp.process.PTBTokenizer", "-preserveLines", "-lowerCase"]
    result = subprocess.run(command, cwd=PACKAGE + "/tokenizer", input="\n".join(LINES),
                            capture_output=True, text=True, check=True)
    return [{"line": a, "tokens": b} for a, b in zip(LINES, result.stdout.split("\n"))]


def stems():
    roots = """generous communicate arsenal skis skies dying idly gently ugly early only singly news
    inning outing herring proceed succeeded exceeding caresses ties cries gas this kiwis gaps agreed
    hopping hoping falling filing failing fizzed luxuriated hopefully callous conflated troubled sized
    happy cry by say enjoy sky relational conditional rationally valency hesitancy digitizer
    conformably radically differently vilely analogously vietnamization predication operator feudalism
    decisiveness hopefulness callousness formality sensitivity sensibility apologist theology fluently
    carelessly triplicate formative formalize electricity electrical goodness revival allowance
    inference airliner gyroscopic adjustable defensible irritant replacement adjustment dependent
    adoption communism activate angularity homologous effective bowdlerize probate rate cease control
    roll dog's dogs' 'quoted it's playing played plays player purring whistles whistling barked meowing
    ringing sewing typed typing hammered vacuum vacuuming sirens coughing laughing laughed sneezes
    whispered whispers yelling yellow y youth boyish café naïvely a is be skating skated squealing
    squealed idling racing baby babies children knives buses bus glass glasses news bias atlas""".split()
    stemmer = EnglishStemmer()
    return {word: stemmer.stemWord(word) for word in roots}
