"""What is special to HTML is escaped in a text."""

from whichext import Case, Kernel, strategies

NAMES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&#39;", '"': "&#34;"}

KERNEL = Kernel(
    question="How fast is a text escaped?",
    reference=lambda text: "".join(NAMES.get(sign, sign) for sign in text),
    inputs=lambda case: ("plain text & <b>bold</b> " * case.n,),
    arguments={"text": strategies.text()},
    cases=(Case("small", n=100),),
)
