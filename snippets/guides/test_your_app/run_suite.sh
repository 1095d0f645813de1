openai-sandbox serve --port 0 --seed 7 \
    --fault 'rate_limit x2 retry_after_ms=1' > sandbox.env &
trap "kill $!" EXIT
until grep -q OPENAI_API_KEY sandbox.env; do kill -0 $! || exit 1; sleep 0.1; done
. ./sandbox.env

pytest -qq -rA test_greeting.py
